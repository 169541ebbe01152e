/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* One kernel flag to its portable number. */
#ifndef LANNER_TRANSLATE_BITS_H
#define LANNER_TRANSLATE_BITS_H

#define MOVE(flags, from, to) (((flags) & (from)) ? (to) : 0)

#endif
