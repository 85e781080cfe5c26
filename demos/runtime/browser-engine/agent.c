/*
 * The guest's end of the channel to the tab: runs argument lists, takes files, calls the Engine API.
 * It speaks frames on a virtio console: length (u32), kind (u8), id (u32), payload; little-endian.
 *
 * tab to guest   RUN  folder NUL, then each word NUL     runs it; stdout and stderr are one stream, in order
 *                PUT  path NUL, then the bytes           writes a file, in place of the old one
 *                STOP signal (u8)                        to the process group of that RUN
 *                CALL socket NUL, then the bytes         sends them and gives back what the other side says
 * guest to tab   OUT  bytes
 *                END  exit code (i32); negative: the signal or the errno that ended it
 *                READ bytes taken from the console (u32): the tab sends no more than the console holds
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { RUN = 1, PUT, STOP, CALL, OUT = 16, END, READ };
enum { JOBS = 32, HEAD = 9, LARGEST = 1 << 20, FREE = -1, CLOSED = -2 };

static struct { uint32_t id; pid_t pid; int fd; } jobs[JOBS]; /* fd FREE or CLOSED: not polled; pid 0: a CALL */
static int console, wake[2];
static unsigned char in[LARGEST + HEAD + 1];
static size_t held;
static char *environment[] = {
  "PATH=/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin", "HOME=/root", "LANG=C.UTF-8",
  "DOCKER_BUILDKIT=1", "BUILDKIT_PROGRESS=plain", "DOCKER_CLI_HINTS=false", "GOGC=400", NULL };

static void send_all(const void *data, size_t size) {
  for (const char *at = data; size > 0;) {
    ssize_t n = write(console, at, size);
    if (n > 0) { at += n; size -= n; }
    else if (n < 0 && errno != EINTR && errno != EAGAIN) _exit(1);
  }
}

static void tell(int kind, uint32_t id, const void *data, uint32_t size) {
  unsigned char frame[HEAD + 4096];
  memcpy(frame, &size, 4);
  frame[4] = kind;
  memcpy(frame + 5, &id, 4);
  memcpy(frame + HEAD, data, size);
  send_all(frame, HEAD + size);
}

static void end(uint32_t id, int32_t code) { tell(END, id, &code, 4); }

/* Hands on what a job has written so far; true when there will be no more. */
static int drain(int job) {
  char bytes[4096];
  ssize_t n;
  while ((n = read(jobs[job].fd, bytes, sizeof bytes)) > 0) tell(OUT, jobs[job].id, bytes, n);
  return n == 0 || (errno != EAGAIN && errno != EINTR);
}

static void finish(int job, int32_t code) {
  if (jobs[job].fd >= 0) {
    drain(job); /* a grandchild may hold the stream open: what it writes from now on is not waited for */
    close(jobs[job].fd);
  }
  jobs[job].fd = FREE;
  end(jobs[job].id, code);
}

static int free_job(void) {
  for (int job = 0; job < JOBS; job++) if (jobs[job].fd == FREE) return job;
  return -1;
}

static void run(uint32_t id, char *payload, size_t size) {
  char *words[256];
  int count = 0, job = free_job(), ends[2];
  for (char *word = payload + strlen(payload) + 1; word < payload + size && count < 255; word += strlen(word) + 1) words[count++] = word;
  words[count] = NULL;
  if (job < 0 || count == 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) { end(id, -EAGAIN); return; }
  int started[2];
  if (pipe2(started, O_CLOEXEC) < 0) { end(id, -errno); return; }
  pid_t pid = fork();
  if (pid == 0) {
    signal(SIGCHLD, SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
    setsid();
    int nothing = open("/dev/null", O_RDONLY);
    dup2(nothing, 0); dup2(ends[1], 1); dup2(ends[1], 2);
    if (chdir(payload) == 0) execvpe(words[0], words, environment);
    int why = errno;
    write(started[1], &why, sizeof why);
    _exit(127);
  }
  close(ends[1]);
  close(started[1]);
  int why = 0;
  if (pid < 0 || read(started[0], &why, sizeof why) > 0) { close(started[0]); close(ends[0]); end(id, pid < 0 ? -EAGAIN : -1000 - why); return; }
  close(started[0]);
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  jobs[job].id = id; jobs[job].pid = pid; jobs[job].fd = ends[0];
}

static void put(uint32_t id, char *payload, size_t size) {
  char next[4200];
  size_t length = strlen(payload);
  if (length > 4096 || payload[0] != '/') { end(id, -EINVAL); return; }
  for (char *slash = strchr(payload + 1, '/'); slash; slash = strchr(slash + 1, '/')) { *slash = 0; mkdir(payload, 0755); *slash = '/'; }
  strcpy(next, payload);
  strcat(next, ".next");
  int fd = open(next, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  const char *at = payload + length + 1;
  size_t left = size - length - 1;
  while (fd >= 0 && left > 0) {
    ssize_t n = write(fd, at, left);
    if (n < 0) break;
    at += n; left -= n;
  }
  int wrong = fd < 0 || left > 0 || rename(next, payload) < 0 ? errno : 0;
  if (fd >= 0) close(fd);
  end(id, -wrong);
}

static void call(uint32_t id, char *payload, size_t size) {
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  size_t length = strlen(payload);
  int job = free_job(), fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  strncpy(address.sun_path, payload, sizeof address.sun_path - 1);
  if (job < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) < 0) { close(fd); end(id, -errno); return; }
  write(fd, payload + length + 1, size - length - 1);
  fcntl(fd, F_SETFL, O_NONBLOCK);
  jobs[job].id = id; jobs[job].pid = 0; jobs[job].fd = fd;
}

static void follow(int kind, uint32_t id, char *payload, uint32_t size) {
  if (kind == RUN) run(id, payload, size);
  else if (kind == PUT) put(id, payload, size);
  else if (kind == CALL) call(id, payload, size);
  else if (kind == STOP)
    for (int job = 0; job < JOBS; job++)
      if (jobs[job].fd != FREE && jobs[job].id == id && jobs[job].pid) kill(-jobs[job].pid, payload[0]);
}

static void listen_to_tab(void) {
  ssize_t n = read(console, in + held, sizeof in - 1 - held);
  if (n <= 0) return;
  uint32_t taken = n, size, id;
  held += n;
  tell(READ, 0, &taken, 4);
  while (held >= HEAD && (memcpy(&size, in, 4), size <= LARGEST) && held >= HEAD + size) {
    unsigned char after = in[HEAD + size];
    memcpy(&id, in + 5, 4);
    in[HEAD + size] = 0;
    follow(in[4], id, (char *)in + HEAD, size);
    in[HEAD + size] = after;
    held -= HEAD + size;
    memmove(in, in + HEAD + size, held);
  }
}

static void on_child(int signal) { (void)signal; int kept = errno; write(wake[1], "", 1); errno = kept; }

static void reap(void) {
  char bytes[64];
  int status;
  pid_t pid;
  while (read(wake[0], bytes, sizeof bytes) > 0) {}
  while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
    for (int job = 0; job < JOBS; job++)
      if (jobs[job].fd != FREE && jobs[job].pid == pid) finish(job, WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status));
}

int main(int count, char **words) {
  struct termios raw;
  console = open(count > 1 ? words[1] : "/dev/hvc0", O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (console < 0) return 1;
  tcgetattr(console, &raw);
  cfmakeraw(&raw);
  tcsetattr(console, TCSANOW, &raw);
  for (int job = 0; job < JOBS; job++) jobs[job].fd = FREE;
  pipe2(wake, O_CLOEXEC | O_NONBLOCK);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGCHLD, on_child);
  for (;;) {
    struct pollfd all[JOBS + 2] = { { console, POLLIN, 0 }, { wake[0], POLLIN, 0 } };
    for (int job = 0; job < JOBS; job++) all[job + 2] = (struct pollfd){ jobs[job].fd, POLLIN, 0 };
    if (poll(all, JOBS + 2, -1) < 0) continue;
    for (int job = 0; job < JOBS; job++)
      if (jobs[job].fd >= 0 && all[job + 2].revents && jobs[job].fd == all[job + 2].fd && drain(job)) {
        if (jobs[job].pid == 0) finish(job, 0);
        else { close(jobs[job].fd); jobs[job].fd = CLOSED; } /* it ends when the process does */
      }
    if (all[0].revents) listen_to_tab();
    if (all[1].revents) reap();
  }
}
