#!/bin/sh
# A harmless demonstration: every step looks like something an intruder does, on files that exist
# only inside a private mount namespace. Needs root. Record it with rules/demo/record.sh.
set -e
[ "$1" = inside ] || exec unshare --mount --net sh "$0" inside

mount -t tmpfs none /etc
mount -t tmpfs none /var/log
mount -t tmpfs none /root
mount -t tmpfs none /mnt
mkdir -p /etc/cron.d /root/.ssh /mnt/.cache
echo 'root:*:20000:0:99999:7:::' > /etc/shadow

cat /etc/shadow > /dev/null                        # password hashes
grep -rs aws_secret_access_key /root || true       # hunting for keys
echo 'ssh-ed25519 AAAA example' > /root/.ssh/authorized_keys
echo '* * * * * root /mnt/.cache/agent' > /etc/cron.d/agent
ln -s /etc/shadow /mnt/notes                       # another name for the hashes
cp /bin/true /mnt/.cache/agent
chmod 4755 /mnt/.cache/agent                       # setuid root
cp /usr/bin/perl /mnt/nginx
/mnt/nginx -e 'system("/bin/sh", "-c", "id > /dev/null")'   # a web server's child is a shell
perl -e '$n = "agent"; $f = syscall(319, $n, 0); open(O, ">&=", $f); open(I, "<", "/bin/true");
  local $/; syswrite(O, <I>); exec {"/proc/self/fd/$f"} "agent"'  # a program without a file
perl -e 'syscall(175, 0, 0, 0)'                    # a kernel module, refused
echo > /var/log/auth.log                           # nothing happened here
