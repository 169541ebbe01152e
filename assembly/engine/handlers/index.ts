/** Which handler belongs to which event type. */
import { EventType } from "../../schema/generated/events";
import { setHandler } from "../event-table";
import { onGroupAdded, onGroupDeleted, onUserAdded, onUserDeleted } from "./account";
import { onAsync, onContainerJson } from "./async";
import { onClone } from "./clone";
import {
  onCapset,
  onMemoryCall,
  onNewNamespace,
  onPrctl,
  onPrlimit,
  onRlimit,
  onSetEgid,
  onSetEuid,
  onSetgid,
  onSetsid,
  onSetuid,
  onSwitch,
} from "./credentials";
import {
  onBpf,
  onClose,
  onCloseRange,
  onDup,
  onEpollCreate,
  onEventfd,
  onFcntl,
  onInotifyInit,
  onIoUringSetup,
  onPidfdGetfd,
  onPidfdOpen,
  onPipe,
  onSignalfd,
  onTimerfd,
  onUserfaultfd,
} from "./descriptor";
import { onChdir, onChroot, onFchdir } from "./directory";
import { onExec } from "./exec";
import { onExit } from "./exit";
import { onCreat, onMemfdCreate, onOpen, onOpenat, onOpenByHandle } from "./file";
import { onAccept, onBind, onConnect, onSocket, onSocketpair } from "./socket";
import { onTask } from "./task";
import {
  onAnonymousEntry,
  onDirectoryEntry,
  onInetEntry,
  onMemfdEntry,
  onNetlinkEntry,
  onPipeEntry,
  onRegularEntry,
  onUnixEntry,
} from "./task-file";
import { onPlainTransfer, onRecv, onRecvfrom, onRecvmsg, onSend } from "./transfer";

export function installHandlers(): void {
  installProcesses();
  installFiles();
  installSockets();
  installTransfers();
  installCredentials();
  installEntries();
}

function on(type: u32, handler: () => void): void {
  setHandler(type, <u32>handler.index);
}

function installProcesses(): void {
  on(EventType.SYSCALL_CLONE_20_X, onClone);
  on(EventType.SYSCALL_FORK_20_X, onClone);
  on(EventType.SYSCALL_VFORK_20_X, onClone);
  on(EventType.SYSCALL_CLONE3_X, onClone);
  on(EventType.SYSCALL_EXECVE_19_X, onExec);
  on(EventType.SYSCALL_EXECVEAT_X, onExec);
  on(EventType.PROCEXIT_1_E, onExit);
}

function installFiles(): void {
  on(EventType.SYSCALL_OPEN_X, onOpen);
  on(EventType.SYSCALL_OPENAT_2_X, onOpenat);
  on(EventType.SYSCALL_OPENAT2_X, onOpenat);
  on(EventType.SYSCALL_CREAT_X, onCreat);
  on(EventType.SYSCALL_OPEN_BY_HANDLE_AT_X, onOpenByHandle);
  on(EventType.SYSCALL_MEMFD_CREATE_X, onMemfdCreate);
  on(EventType.SYSCALL_CHDIR_X, onChdir);
  on(EventType.SYSCALL_FCHDIR_X, onFchdir);
  on(EventType.SYSCALL_GETCWD_X, onChdir);
  on(EventType.SYSCALL_CHROOT_X, onChroot);
  on(EventType.SYSCALL_CLOSE_X, onClose);
  on(EventType.SYSCALL_CLOSE_RANGE_X, onCloseRange);
  on(EventType.SYSCALL_DUP_1_X, onDup);
  on(EventType.SYSCALL_DUP2_X, onDup);
  on(EventType.SYSCALL_DUP3_X, onDup);
  on(EventType.SYSCALL_FCNTL_X, onFcntl);
  on(EventType.SYSCALL_PIPE_X, onPipe);
  on(EventType.SYSCALL_PIPE2_X, onPipe);
  on(EventType.SYSCALL_EVENTFD_X, onEventfd);
  on(EventType.SYSCALL_EVENTFD2_X, onEventfd);
  on(EventType.SYSCALL_SIGNALFD_X, onSignalfd);
  on(EventType.SYSCALL_SIGNALFD4_X, onSignalfd);
  on(EventType.SYSCALL_INOTIFY_INIT_X, onInotifyInit);
  on(EventType.SYSCALL_INOTIFY_INIT1_X, onInotifyInit);
  on(EventType.SYSCALL_TIMERFD_CREATE_X, onTimerfd);
  on(EventType.SYSCALL_BPF_2_X, onBpf);
  on(EventType.SYSCALL_USERFAULTFD_X, onUserfaultfd);
  on(EventType.SYSCALL_IO_URING_SETUP_X, onIoUringSetup);
  on(EventType.SYSCALL_EPOLL_CREATE_X, onEpollCreate);
  on(EventType.SYSCALL_EPOLL_CREATE1_X, onEpollCreate);
  on(EventType.SYSCALL_PIDFD_OPEN_X, onPidfdOpen);
  on(EventType.SYSCALL_PIDFD_GETFD_X, onPidfdGetfd);
}

function installSockets(): void {
  on(EventType.SOCKET_SOCKET_X, onSocket);
  on(EventType.SOCKET_SOCKETPAIR_X, onSocketpair);
  on(EventType.SOCKET_BIND_X, onBind);
  on(EventType.SOCKET_CONNECT_X, onConnect);
  on(EventType.SOCKET_ACCEPT_5_X, onAccept);
  on(EventType.SOCKET_ACCEPT4_6_X, onAccept);
}

function installTransfers(): void {
  on(EventType.SYSCALL_READ_X, onPlainTransfer);
  on(EventType.SYSCALL_READV_X, onPlainTransfer);
  on(EventType.SYSCALL_PREAD_X, onPlainTransfer);
  on(EventType.SYSCALL_PREADV_X, onPlainTransfer);
  on(EventType.SYSCALL_WRITE_X, onPlainTransfer);
  on(EventType.SYSCALL_WRITEV_X, onPlainTransfer);
  on(EventType.SYSCALL_PWRITE_X, onPlainTransfer);
  on(EventType.SYSCALL_PWRITEV_X, onPlainTransfer);
  on(EventType.SOCKET_SEND_X, onSend);
  on(EventType.SOCKET_SENDTO_X, onSend);
  on(EventType.SOCKET_SENDMSG_X, onSend);
  on(EventType.SOCKET_SENDMMSG_X, onSend);
  on(EventType.SOCKET_RECV_X, onRecv);
  on(EventType.SOCKET_RECVFROM_X, onRecvfrom);
  on(EventType.SOCKET_RECVMSG_X, onRecvmsg);
  on(EventType.SOCKET_RECVMMSG_X, onRecv);
}

function installCredentials(): void {
  on(EventType.SYSCALL_SETUID_X, onSetuid);
  on(EventType.SYSCALL_SETRESUID_X, onSetEuid);
  on(EventType.SYSCALL_SETREUID_X, onSetEuid);
  on(EventType.SYSCALL_SETGID_X, onSetgid);
  on(EventType.SYSCALL_SETRESGID_X, onSetEgid);
  on(EventType.SYSCALL_SETREGID_X, onSetEgid);
  on(EventType.SYSCALL_SETSID_X, onSetsid);
  on(EventType.SYSCALL_CAPSET_X, onCapset);
  on(EventType.SYSCALL_UNSHARE_X, onNewNamespace);
  on(EventType.SYSCALL_SETNS_X, onNewNamespace);
  on(EventType.SYSCALL_PRCTL_X, onPrctl);
  on(EventType.SYSCALL_GETRLIMIT_X, onRlimit);
  on(EventType.SYSCALL_SETRLIMIT_X, onRlimit);
  on(EventType.SYSCALL_PRLIMIT_X, onPrlimit);
  on(EventType.SYSCALL_BRK_4_X, onMemoryCall);
  on(EventType.SYSCALL_MMAP_X, onMemoryCall);
  on(EventType.SYSCALL_MMAP2_X, onMemoryCall);
  on(EventType.SYSCALL_MUNMAP_X, onMemoryCall);
  on(EventType.SCHEDSWITCH_6_E, onSwitch);
}

function installEntries(): void {
  on(EventType.USER_ADDED_E, onUserAdded);
  on(EventType.USER_DELETED_E, onUserDeleted);
  on(EventType.GROUP_ADDED_E, onGroupAdded);
  on(EventType.GROUP_DELETED_E, onGroupDeleted);
  on(EventType.ASYNCEVENT_E, onAsync);
  on(EventType.CONTAINER_JSON_2_E, onContainerJson);
  on(EventType.ITER_TASK_E, onTask);
  on(EventType.ITER_TASK_FILE_PIPE_E, onPipeEntry);
  on(EventType.ITER_TASK_FILE_MEMFD_E, onMemfdEntry);
  on(EventType.ITER_TASK_FILE_REGULAR_E, onRegularEntry);
  on(EventType.ITER_TASK_FILE_DIRECTORY_E, onDirectoryEntry);
  on(EventType.ITER_TASK_FILE_SOCKET_INET_E, onInetEntry);
  on(EventType.ITER_TASK_FILE_SOCKET_INET6_E, onInetEntry);
  on(EventType.ITER_TASK_FILE_SOCKET_UNIX_E, onUnixEntry);
  on(EventType.ITER_TASK_FILE_SOCKET_NETLINK_E, onNetlinkEntry);
  on(EventType.ITER_TASK_FILE_ANON_INODE_E, onAnonymousEntry);
}
