/*
 * Preloaded into every program of the guest (/etc/ld.so.preload). To start a container, dockerd starts itself twice
 * more, as `libnetwork-setkey` and `set-ipv6` (moby v20.10, libnetwork/sandbox_externalkey_unix.go and
 * libnetwork/osl/namespace_linux.go). Each has a line of work and 140 million instructions of Go's start before it:
 * half of what a `container run` costs here. This does the same work before Go starts; all else it leaves alone.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* libnetwork-setkey -exec-root=FOLDER CONTAINER CONTROLLER: tells the daemon which network namespace runtime's state on stdin names. */
static int set_key(char **words) {
  char state[65536], message[512], answer[512];
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  size_t held = 0;
  ssize_t n;
  while (held < sizeof state - 1 && (n = read(0, state + held, sizeof state - 1 - held)) > 0) held += n;
  state[held] = 0;
  char *pid = strstr(state, "\"pid\"");
  pid = pid ? strchr(pid, ':') : NULL;
  if (!pid) { fputs("no pid in the container's state\n", stderr); return 1; }
  int size = snprintf(message, sizeof message, "{\"ContainerID\":\"%s\",\"Key\":\"/proc/%d/ns/net\"}", words[2], atoi(pid + 1));
  snprintf(address.sun_path, sizeof address.sun_path, "%s/libnetwork/%s.sock", strchr(words[1], '=') + 1, words[3]);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0 || write(fd, message, size) != size) { perror(address.sun_path); return 1; }
  n = read(fd, answer, sizeof answer - 1);
  answer[n > 0 ? n : 0] = 0;
  if (strcmp(answer, "success") == 0) return 0;
  fprintf(stderr, "failed to set key: %s\n", answer);
  return 1;
}

/* set-ipv6 NAMESPACE INTERFACE true|false */
static int set_ipv6(char **words) {
  char path[256];
  int space = open(words[1], O_RDONLY | O_CLOEXEC);
  if (space < 0 || setns(space, CLONE_NEWNET) < 0) { perror(words[1]); return 1; }
  snprintf(path, sizeof path, "/proc/sys/net/ipv6/conf/%s/disable_ipv6", words[2]);
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return errno != ENOENT; /* this kernel has no IPv6 */
  return write(fd, strcmp(words[3], "true") == 0 ? "0\n" : "1\n", 2) != 2;
}

__attribute__((constructor)) static void start(int count, char **words) {
  if (count != 4) return;
  if (strcmp(words[0], "libnetwork-setkey") == 0 && strncmp(words[1], "-exec-root=", 11) == 0) _exit(set_key(words));
  if (strcmp(words[0], "set-ipv6") == 0) _exit(set_ipv6(words));
}
