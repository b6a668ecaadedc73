/*
 * The clock of the bench: runs a command and appends one line to the file that $BENCH_OUT names:
 *
 *   LABEL <milliseconds> <milliseconds of processor> <peak KiB> <exit code>
 *
 *   clock [-l LINKS] LABEL COMMAND [ARGUMENT...]
 *
 * With -l the clock goes on until this machine has no more than so many links: a kernel that is told to remove a
 * namespace does so later. The peak is of the largest process that the command was or waited for. Ends as the command did.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { HEAD_LINES = 2, MOST_SECONDS = 120 };

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

static double ms(struct timeval time) { return time.tv_sec * 1e3 + time.tv_usec / 1e3; }

static int links(void) {
  char row[512];
  int count = -HEAD_LINES;
  FILE *devices = fopen("/proc/net/dev", "r");
  if (!devices) return -1;
  while (fgets(row, sizeof row, devices)) count++;
  fclose(devices);
  return count;
}

int main(int count, char **words) {
  int most = -1, status;
  if (count > 2 && strcmp(words[1], "-l") == 0) most = atoi(words[2]), words += 2, count -= 2;
  if (count < 3 || !getenv("BENCH_OUT")) return fprintf(stderr, "clock [-l LINKS] LABEL COMMAND...\n"), 2;
  struct rusage used;
  double began = now();
  pid_t child = fork();
  if (child == 0) {
    execvp(words[2], words + 2);
    fprintf(stderr, "%s: %s\n", words[2], strerror(errno));
    _exit(127);
  }
  while (wait4(child, &status, 0, &used) < 0)
    if (errno != EINTR) return perror("wait4"), 1;
  while (most >= 0 && links() > most && now() - began < MOST_SECONDS * 1e3) usleep(1000);
  double ended = now();
  int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  if (code == 0 && most >= 0 && links() > most) fprintf(stderr, "links are left after %d s\n", MOST_SECONDS), code = 1;
  FILE *out = fopen(getenv("BENCH_OUT"), "a");
  if (!out) return perror(getenv("BENCH_OUT")), 1;
  fprintf(out, "%s %.3f %.3f %ld %d\n", words[1], ended - began, ms(used.ru_utime) + ms(used.ru_stime), used.ru_maxrss, code);
  fclose(out);
  return code;
}
