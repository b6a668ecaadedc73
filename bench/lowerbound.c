/*
 * The lower bound of the bench: the least that a program must ask of the kernel to make the same lab as netform, with
 * the same names, MACs, marks, sysctls, addresses, routes, rules, tables and files. Built at run time: cc -O2 -ldl.
 *
 *   lowerbound apply FILE      lowerbound read FILE      lowerbound destroy FILE
 *
 * `read` asks what a plan of that lab must know: links, addresses, routes, rules and neighbours of each namespace, its sysctls
 * and its files.
 *
 * FILE is the list of netform's own instructions, one a line, fields divided by tabs (bench/encode.ts writes it), so
 * nothing has to be understood, named or planned here. It uses every trick that is known to us:
 *   - everything in one process, over netlink; nothing is looked up by name but the index of a link (one ioctl);
 *   - a namespace is entered once, when it is made; from then on a socket that was opened inside is used from outside;
 *   - sysctls are written through an instance of procfs of its own, so that none is looked for among thousands;
 *   - a veth pair is one message, with both MACs, MTUs, groups, the master and the other namespace;
 *   - 128 messages to a datagram, and only the last of them is acknowledged (a refusal comes anyway);
 *   - alias, up, addresses, routes and rules of a namespace in one datagram;
 *   - ports of bridges come up last: a carrier costs the kernel work, with the lock of all networks held;
 *   - equal files are one file with several names;
 *   - all links are deleted by one message, through their group.
 * It does less than netform: no check, no look at what is there, no journal, no verification, no way back.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "messages.h"

enum { MOST_FIELDS = 13, PROTOCOL = 78, GROUP = 20038, LOOPBACK = 1 };

/* One instruction: what[0] is its name, what[1] the namespace. */
struct line {
  char *what[MOST_FIELDS];
  struct line *next;
};

/* A namespace, the first is the machine: its lines in order, and what is open of it. */
struct place {
  char *name;
  struct line *first, **last;
  int fd, socket;
} *places;

static int placeCount, home;

/* ---- places ---- */

static struct place *placeOf(char *name) {
  ENTRY *known = hsearch((ENTRY){ .key = name }, FIND);
  if (known) return places + (long)known->data;
  struct place *place = places + placeCount;
  *place = (struct place){ .name = name, .last = &place->first, .fd = -1, .socket = -1 };
  hsearch((ENTRY){ .key = name, .data = (void *)(long)placeCount++ }, ENTER);
  return place;
}

#define PLACES(one) for (struct place *one = places; one < places + placeCount; one++)
#define LINES(one, place) for (struct line *one = place->first; one; one = one->next)
#define IS(one, name) (strcmp(one->what[0], name) == 0)

static int newSocket(void) { return must(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), "socket"); }
static int thisNamespace(void) { return must(open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC), "ns/net"); }
static void enter(int fd) { must(setns(fd, CLONE_NEWNET), "setns"); }

/*
 * An instance of procfs for a few hundred accesses: in one that has seen a thousand namespaces the kernel finds a file
 * by walking past those of the others, which have the same names.
 */
static int procFolder(void) {
  static int folder = -1, left = 0;
  if (left-- > 0) return folder;
  if (folder >= 0) close(folder);
  int context = must(syscall(SYS_fsopen, "proc", FSOPEN_CLOEXEC), "fsopen");
  must(syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0), "fsconfig");
  folder = must(syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, 0), "fsmount");
  close(context);
  left = 512;
  return folder;
}

static void writeSysctl(const char *key, const char *value) {
  char path[256];
  snprintf(path, sizeof path, "sys/%s", key);
  int fd = must(openat(procFolder(), path, O_WRONLY | O_CLOEXEC), path);
  must(write(fd, value, strlen(value)), path);
  close(fd);
}

/* Publishes as iproute2 does: the folder is a shared mount of its own. */
static void prepareFolder(void) {
  mkdir("/run/netns", 0755);
  if (mount("", "/run/netns", "none", MS_SHARED | MS_REC, NULL) == 0) return;
  must(mount("/run/netns", "/run/netns", "none", MS_BIND | MS_REC, NULL), "mount");
  must(mount("", "/run/netns", "none", MS_SHARED | MS_REC, NULL), "mount");
}

static void path(char *into, const char *name) { snprintf(into, 300, "/run/netns/%s", name); }
/* A namespace with its mark and its sysctls, and only then with its name. */
static void addNamespace(struct place *place, char *mark) {
  char name[300];
  must(unshare(CLONE_NEWNET), "unshare");
  place->fd = thisNamespace();
  place->socket = newSocket();
  struct ifinfomsg *lo = message(place->socket, RTM_SETLINK, 0, sizeof *lo);
  *lo = (struct ifinfomsg){ .ifi_index = LOOPBACK, .ifi_flags = IFF_UP, .ifi_change = IFF_UP };
  attribute(IFLA_IFALIAS, mark, strlen(mark));
  flush(place->socket);
  LINES(line, place)
    if (IS(line, "own")) writeSysctl(line->what[2], line->what[3]);
  path(name, place->name);
  close(must(open(name, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0), name));
  must(mount("/proc/thread-self/ns/net", name, "none", MS_BIND, NULL), name);
}

/* ---- instructions ---- */

static void identity(char **what) {
  text(IFLA_IFNAME, what[0]), mac(what[1]);
  number(IFLA_MTU, atoi(what[2])), number(IFLA_GROUP, GROUP);
}

/* bridge NETNS NAME MAC MTU FORWARD-DELAY AGEING STP PRIORITY SNOOPING; times in hundredths of a second */
static void addBridge(int socket, char **what) {
  unsigned short priority = atoi(what[8]);
  unsigned char snooping = atoi(what[9]);
  message(socket, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof(struct ifinfomsg));
  identity(what + 2);
  struct rtattr *info = begin(IFLA_LINKINFO);
  text(IFLA_INFO_KIND, "bridge");
  struct rtattr *data = begin(IFLA_INFO_DATA);
  number(IFLA_BR_FORWARD_DELAY, atoi(what[5])), number(IFLA_BR_AGEING_TIME, atoi(what[6]));
  number(IFLA_BR_STP_STATE, atoi(what[7]));
  attribute(IFLA_BR_PRIORITY, &priority, 2);
  attribute(IFLA_BR_MCAST_SNOOPING, &snooping, 1);
  end(data), end(info);
}

/* veth NETNS NAME MAC MTU MASTER PEER-NETNS PEER-NAME PEER-MAC PEER-MTU */
static void addVeth(int socket, char **what) {
  message(socket, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof(struct ifinfomsg));
  identity(what + 2);
  number(IFLA_NUM_TX_QUEUES, 1), number(IFLA_NUM_RX_QUEUES, 1);
  if (*what[5]) number(IFLA_MASTER, indexOf(socket, what[5]));
  struct rtattr *info = begin(IFLA_LINKINFO);
  text(IFLA_INFO_KIND, "veth");
  struct rtattr *data = begin(IFLA_INFO_DATA), *peer = begin(VETH_INFO_PEER);
  append(sizeof(struct ifinfomsg));
  identity(what + 7);
  number(IFLA_NUM_TX_QUEUES, 1), number(IFLA_NUM_RX_QUEUES, 1);
  if (strcmp(what[6], what[1])) number(IFLA_NET_NS_FD, placeOf(what[6])->fd);
  end(peer), end(data), end(info);
}

/* set NETNS NAME ALIAS UP MASTER */
static void setLink(int socket, char **what) {
  struct ifinfomsg *link = message(socket, RTM_SETLINK, 0, sizeof *link);
  *link = (struct ifinfomsg){ .ifi_flags = atoi(what[4]) ? IFF_UP : 0, .ifi_change = IFF_UP };
  text(IFLA_IFNAME, what[2]);
  attribute(IFLA_IFALIAS, what[3], strlen(what[3]));
  if (*what[5]) number(IFLA_MASTER, indexOf(socket, what[5]));
}

/* up NETNS NAME */
static void setUp(int socket, char **what) {
  struct ifinfomsg *link = message(socket, RTM_SETLINK, 0, sizeof *link);
  *link = (struct ifinfomsg){ .ifi_flags = IFF_UP, .ifi_change = IFF_UP };
  text(IFLA_IFNAME, what[2]);
}

/* hairpin NETNS NAME */
static void setHairpin(int socket, char **what) {
  unsigned char on = 1;
  message(socket, RTM_NEWLINK, 0, sizeof(struct ifinfomsg));
  text(IFLA_IFNAME, what[2]);
  struct rtattr *info = begin(IFLA_LINKINFO);
  text(IFLA_INFO_SLAVE_KIND, "bridge");
  struct rtattr *data = begin(IFLA_INFO_SLAVE_DATA);
  attribute(IFLA_BRPORT_MODE, &on, 1);
  end(data), end(info);
}

/* address NETNS DEV ADDRESS LENGTH */
static void addAddress(int socket, char **what) {
  int family = address(0, what[3]);
  struct ifaddrmsg *header = message(socket, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, sizeof *header);
  *header = (struct ifaddrmsg){ .ifa_family = family, .ifa_prefixlen = atoi(what[4]), .ifa_index = indexOf(socket, what[2]) };
  address(IFA_LOCAL, what[3]), address(IFA_ADDRESS, what[3]);
  if (family == AF_INET6) number(IFA_FLAGS, IFA_F_NODAD);
}

/* route NETNS ADDRESS LENGTH TABLE METRIC VIA DEV; VIA may be empty */
static void addRoute(int socket, char **what) {
  struct rtmsg *route = message(socket, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, sizeof *route);
  int length = atoi(what[3]), isDirect = !*what[6], family = address(0, what[2]);
  *route = (struct rtmsg){ .rtm_family = family, .rtm_dst_len = length, .rtm_protocol = PROTOCOL, .rtm_type = RTN_UNICAST,
                           .rtm_scope = isDirect && family == AF_INET ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE };
  if (length > 0) address(RTA_DST, what[2]);
  number(RTA_TABLE, atoi(what[4]));
  if (atoi(what[5])) number(RTA_PRIORITY, atoi(what[5]));
  if (!isDirect) address(RTA_GATEWAY, what[6]);
  number(RTA_OIF, indexOf(socket, what[7]));
}

/* rule NETNS FROM LENGTH TABLE PRIORITY */
static void addRule(int socket, char **what) {
  unsigned char protocol = PROTOCOL;
  struct fib_rule_hdr *rule = message(socket, RTM_NEWRULE, NLM_F_CREATE, sizeof *rule);
  *rule = (struct fib_rule_hdr){ .family = address(0, what[2]), .src_len = atoi(what[3]), .action = FR_ACT_TO_TBL };
  address(FRA_SRC, what[2]);
  number(FRA_TABLE, atoi(what[4])), number(FRA_PRIORITY, atoi(what[5]));
  attribute(FRA_PROTOCOL, &protocol, 1);
}

static char *contentOf(const char *path, size_t *length) {
  struct stat file;
  int fd = must(open(path, O_RDONLY | O_CLOEXEC), path);
  must(fstat(fd, &file), path);
  char *content = calloc(1, file.st_size + 1);
  *length = must(read(fd, content, file.st_size), path);
  close(fd);
  return content;
}

/* nft NETNS SCRIPT-FILE DELETING-SCRIPT */
static void runTable(struct place *place, const char *script) {
  void *library = dlopen("libnftables.so.1", RTLD_NOW);
  if (!library) die("libnftables", ENOENT);
  void *(*newContext)(unsigned) = (void *(*)(unsigned))dlsym(library, "nft_ctx_new");
  int (*run)(void *, const char *) = (int (*)(void *, const char *))dlsym(library, "nft_run_cmd_from_buffer");
  if (place->fd >= 0) enter(place->fd);
  if (run(newContext(0), script) != 0) die("nft", EINVAL);
  if (place->fd >= 0) enter(home);
}

/* file - PATH CONTENT-FILE */
static void writeFile(char **what) {
  static char *from, *content, *written;
  static size_t length;
  int isSame = from && strcmp(from, what[3]) == 0;
  if (!isSame) content = contentOf(from = what[3], &length);
  char folder[300];
  snprintf(folder, sizeof folder, "%s", what[2]);
  for (char *at = folder + 1; (at = strchr(at, '/')); *at++ = '/') *at = 0, mkdir(folder, 0755);
  if (isSame && written && link(written, what[2]) == 0) return;
  written = what[2];
  int fd = must(open(what[2], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644), what[2]);
  must(write(fd, content, length), what[2]);
  close(fd);
}

/* ---- the whole ---- */

static const struct { const char *name; void (*send)(int, char **); int round; } messages[] = {
  { "bridge", addBridge, 0 }, { "veth", addVeth, 1 }, { "set", setLink, 2 }, { "hairpin", setHairpin, 2 },
  { "address", addAddress, 2 }, { "route", addRoute, 2 }, { "rule", addRule, 2 },
  { "up", setUp, 3 },
};

static void sendRound(int round) {
  PLACES(place) {
    LINES(line, place)
      for (size_t i = 0; i < sizeof messages / sizeof *messages; i++)
        if (messages[i].round == round && strcmp(messages[i].name, line->what[0]) == 0)
          messages[i].send(place->socket, line->what);
    flush(place->socket);
  }
}

/* Those of devices; a place is entered only when it has one. */
static void writeSysctls(void) {
  PLACES(place) {
    int inside = place->fd < 0;
    LINES(line, place) {
      if (!IS(line, "sysctl")) continue;
      if (!inside) enter(place->fd), inside = 1;
      writeSysctl(line->what[2], line->what[3]);
    }
    if (place->fd >= 0 && inside) enter(home);
  }
}

static void apply(void) {
  size_t length;
  prepareFolder();
  for (struct place *place = places + 1; place < places + placeCount; place++)
    LINES(line, place)
      if (IS(line, "netns")) addNamespace(place, line->what[2]);
  enter(home);
  sendRound(0), sendRound(1);
  writeSysctls();
  sendRound(2);
  PLACES(place)
    LINES(line, place) {
      if (IS(line, "nft")) runTable(place, contentOf(line->what[2], &length));
      if (IS(line, "file")) writeFile(line->what);
    }
  sendRound(3);
}

static void dump(int socket, int type, int family) {
  struct { struct nlmsghdr header; struct rtmsg body; } ask = {
    .header = { .nlmsg_len = sizeof ask, .nlmsg_type = type, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
    .body = { .rtm_family = family },
  };
  static char answer[1 << 18];
  must(send(socket, &ask, sizeof ask, 0), "dump");
  for (;;) {
    ssize_t size = must(recv(socket, answer, sizeof answer, 0), "dump");
    for (struct nlmsghdr *one = (void *)answer; NLMSG_OK(one, size); one = NLMSG_NEXT(one, size))
      if (one->nlmsg_type == NLMSG_DONE || one->nlmsg_type == NLMSG_ERROR) return;
  }
}

static void readSysctl(const char *key) {
  char path[256], value[256];
  snprintf(path, sizeof path, "sys/%s", key);
  int fd = must(openat(procFolder(), path, O_RDONLY | O_CLOEXEC), path);
  must(read(fd, value, sizeof value), path);
  close(fd);
}

static void readAll(void) {
  static const int families[] = { AF_INET, AF_INET6 };
  char name[300];
  struct stat seen, last = { 0 };
  PLACES(place) {
    if (place > places) {
      path(name, place->name);
      int fd = must(open(name, O_RDONLY | O_CLOEXEC), name);
      enter(fd), close(fd);
      place->socket = newSocket();
    }
    dump(place->socket, RTM_GETLINK, AF_UNSPEC);
    dump(place->socket, RTM_GETADDR, AF_UNSPEC);
    for (int i = 0; i < 2; i++) {
      dump(place->socket, RTM_GETROUTE, families[i]);
      dump(place->socket, RTM_GETRULE, families[i]);
    }
    dump(place->socket, RTM_GETNEIGH, AF_UNSPEC);
    LINES(line, place) if (IS(line, "own") || IS(line, "sysctl")) readSysctl(line->what[2]);
    if (place > places) close(place->socket);
  }
  enter(home);
  LINES(line, places) {
    if (!IS(line, "file") || stat(line->what[2], &seen)) continue;
    size_t length;
    if (seen.st_ino != last.st_ino) free(contentOf(line->what[2], &length));
    last = seen;
  }
}

static void destroy(void) {
  char name[300];
  int hasLinks = 0;
  LINES(line, places) {
    if (IS(line, "nft")) runTable(places, line->what[3]);
    if (IS(line, "file")) unlink(line->what[2]), *strrchr(line->what[2], '/') = 0, rmdir(line->what[2]);
    hasLinks |= IS(line, "bridge") || IS(line, "veth");
  }
  if (hasLinks) {
    message(places->socket, RTM_DELLINK, 0, sizeof(struct ifinfomsg));
    number(IFLA_GROUP, GROUP);
    flush(places->socket);
  }
  for (struct place *place = places + 1; place < places + placeCount; place++) {
    path(name, place->name);
    must(umount2(name, MNT_DETACH | UMOUNT_NOFOLLOW), name);
    must(unlink(name), name);
  }
}

static void load(const char *file) {
  size_t length, count = 1;
  char *content = contentOf(file, &length);
  for (char *at = content; *at; at++) count += *at == '\n';
  places = calloc(count + 1, sizeof *places);
  hcreate(2 * count);
  placeOf("host")->socket = newSocket();
  struct line *lines = calloc(count, sizeof *lines);
  for (char *row; (row = strsep(&content, "\n")) && *row; lines++) {
    for (int i = 0; i < MOST_FIELDS; i++) lines->what[i] = row ? strsep(&row, "\t") : "";
    struct place *place = placeOf(lines->what[1]);
    *place->last = lines;
    place->last = &lines->next;
  }
}

int main(int count, char **words) {
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  home = thisNamespace();
  if (count != 3) die("usage: lowerbound apply|read|destroy FILE", EINVAL);
  load(words[2]);
  if (strcmp(words[1], "apply") == 0) apply();
  else if (strcmp(words[1], "read") == 0) readAll();
  else destroy();
  return 0;
}
