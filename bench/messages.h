/*
 * rtnetlink in C, as much as lowerbound.c needs: messages are put together in one batch, and sent together. The kernel
 * answers the last of a batch only, and every one that it refuses, which ends the program.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

enum { BATCH = 128, MOST_BYTES = 512 };

static void die(const char *what, int error) {
  fprintf(stderr, "lowerbound: %s: %s\n", what, strerror(error));
  exit(1);
}

static int must(int result, const char *what) {
  if (result < 0) die(what, errno);
  return result;
}

static struct {
  char bytes[BATCH * MOST_BYTES];
  struct nlmsghdr *last;
  int length, count;
} batch;

static void flush(int socket) {
  static char inbox[1 << 16];
  static unsigned sequence;
  if (batch.count == 0) return;
  batch.last->nlmsg_flags |= NLM_F_ACK;
  batch.last->nlmsg_seq = ++sequence;
  must(send(socket, batch.bytes, batch.length, 0), "send");
  for (int done = 0; !done;) {
    int length = must(recv(socket, inbox, sizeof inbox, 0), "recv");
    for (struct nlmsghdr *reply = (void *)inbox; NLMSG_OK(reply, length); reply = NLMSG_NEXT(reply, length)) {
      struct nlmsgerr *answer = NLMSG_DATA(reply);
      if (reply->nlmsg_type == NLMSG_ERROR && answer->error) die("the kernel refuses a message", -answer->error);
      done |= reply->nlmsg_seq == sequence;
    }
  }
  batch.count = batch.length = 0;
}

static void *append(int length) {
  void *at = memset(batch.bytes + batch.length, 0, NLMSG_ALIGN(length));
  batch.length += NLMSG_ALIGN(length);
  if (batch.last) batch.last->nlmsg_len += NLMSG_ALIGN(length);
  return at;
}

/* Begins a message in the batch of a socket, and gives its header (of `length` bytes) to be filled in. */
static void *message(int socket, int type, int flags, int length) {
  if (batch.count == BATCH) flush(socket);
  batch.last = NULL;
  struct nlmsghdr *header = append(NLMSG_HDRLEN);
  *header = (struct nlmsghdr){ .nlmsg_len = NLMSG_HDRLEN, .nlmsg_type = type, .nlmsg_flags = NLM_F_REQUEST | flags };
  batch.last = header;
  batch.count++;
  return append(length);
}

static struct rtattr *attribute(int type, const void *value, int length) {
  struct rtattr *at = append(RTA_LENGTH(length));
  *at = (struct rtattr){ .rta_len = RTA_LENGTH(length), .rta_type = type };
  if (length > 0) memcpy(RTA_DATA(at), value, length);
  return at;
}

static void number(int type, unsigned value) { attribute(type, &value, 4); }
static void text(int type, const char *value) { attribute(type, value, strlen(value) + 1); }
static struct rtattr *begin(int type) { return attribute(type, NULL, 0); }
static void end(struct rtattr *nest) { nest->rta_len = batch.bytes + batch.length - (char *)nest; }

static void mac(const char *value) {
  unsigned char bytes[6];
  sscanf(value, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", bytes, bytes + 1, bytes + 2, bytes + 3, bytes + 4, bytes + 5);
  attribute(IFLA_ADDRESS, bytes, 6);
}

/* An address as an attribute; gives its family. */
static int address(int type, const char *value) {
  unsigned char bytes[16];
  int family = strchr(value, ':') ? AF_INET6 : AF_INET;
  inet_pton(family, value, bytes);
  if (type) attribute(type, bytes, family == AF_INET ? 4 : 16);
  return family;
}

static int indexOf(int socket, const char *name) {
  struct ifreq request = { 0 };
  strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  must(ioctl(socket, SIOCGIFINDEX, &request), name);
  return request.ifr_ifindex;
}
