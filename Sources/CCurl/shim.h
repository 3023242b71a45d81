// libcurl, compiled against its own headers and loaded when it is first needed. Only Transfer imports this.
//
// Linking libcurl would make every start of the program map some thirty libraries: 4 to 8 ms of CPU, measured, for
// a program whose whole `--version` may take 10. So nothing here is linked: `dlopen` finds libcurl at the first
// request, and each wrapper calls through a table of its functions. A wrapper may be called once `ccurl_missing`
// has answered NULL. The variadic functions get one wrapper for each type of argument, since Swift calls no variadic
// C function.
#ifndef RAMP_CCURL_SHIM_H
#define RAMP_CCURL_SHIM_H

#define CURL_DISABLE_TYPECHECK 1
#include <curl/curl.h>
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>

#define CCURL_FUNCTIONS(F) \
  F(curl_global_init) \
  F(curl_version) \
  F(curl_free) \
  F(curl_slist_append) \
  F(curl_slist_free_all) \
  F(curl_url) \
  F(curl_url_set) \
  F(curl_url_get) \
  F(curl_url_cleanup) \
  F(curl_url_strerror) \
  F(curl_easy_init) \
  F(curl_easy_setopt) \
  F(curl_easy_getinfo) \
  F(curl_easy_pause) \
  F(curl_easy_strerror) \
  F(curl_easy_cleanup) \
  F(curl_multi_init) \
  F(curl_multi_add_handle) \
  F(curl_multi_remove_handle) \
  F(curl_multi_perform) \
  F(curl_multi_poll) \
  F(curl_multi_wakeup) \
  F(curl_multi_info_read) \
  F(curl_multi_cleanup)

#define CCURL_FIELD(name) __typeof__(name) *name;
struct ccurl_table {
  CCURL_FUNCTIONS(CCURL_FIELD)
  const char *missing;
};
#undef CCURL_FIELD

// The table, filled once, whichever thread comes first; read only from then on. It stands inside a function because
// Swift's importer leaves variables of the file's own scope out of the program. Each Swift file may get a table of its
// own; that is harmless, since all of them hold the same functions.
static inline struct ccurl_table *ccurl_storage(void) {
  static struct ccurl_table table;
  return &table;
}

static inline void ccurl_load(void) {
  struct ccurl_table *table = ccurl_storage();
  void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (!library) library = dlopen("libcurl-gnutls.so.4", RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    table->missing = "libcurl.so.4";
    return;
  }
#define CCURL_FIND(name) \
  table->name = (__typeof__(name) *)dlsym(library, #name); \
  if (!table->name) { \
    table->missing = #name; \
    return; \
  }
  CCURL_FUNCTIONS(CCURL_FIND)
#undef CCURL_FIND
  if (table->curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) table->missing = "curl_global_init";
}

static inline const struct ccurl_table *ccurl(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, ccurl_load);
  return ccurl_storage();
}

/// What could not be found: the library, or the one function that it lacks; NULL when all is there.
static inline const char *ccurl_missing(void) { return ccurl()->missing; }
static inline const char *ccurl_version(void) { return ccurl()->curl_version(); }

// URLs.
static inline CURLU *ccurl_url(void) { return ccurl()->curl_url(); }
static inline CURLUcode ccurl_url_set(CURLU *url, CURLUPart part, const char *text) {
  return ccurl()->curl_url_set(url, part, text, 0);
}
static inline CURLUcode ccurl_url_get(CURLU *url, CURLUPart part, char **text, unsigned flags) {
  return ccurl()->curl_url_get(url, part, text, flags);
}
static inline const char *ccurl_url_strerror(CURLUcode code) { return ccurl()->curl_url_strerror(code); }
static inline void ccurl_url_cleanup(CURLU *url) { ccurl()->curl_url_cleanup(url); }
static inline void ccurl_free(void *text) { ccurl()->curl_free(text); }

// Lists of header lines.
static inline struct curl_slist *ccurl_slist_append(struct curl_slist *list, const char *line) {
  return ccurl()->curl_slist_append(list, line);
}
static inline void ccurl_slist_free_all(struct curl_slist *list) { ccurl()->curl_slist_free_all(list); }

// One request.
static inline CURL *ccurl_easy_init(void) { return ccurl()->curl_easy_init(); }
static inline void ccurl_easy_cleanup(CURL *easy) { ccurl()->curl_easy_cleanup(easy); }
static inline CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value) {
  return ccurl()->curl_easy_setopt(easy, option, value);
}
static inline CURLcode ccurl_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
  return ccurl()->curl_easy_setopt(easy, option, value);
}
static inline CURLcode ccurl_set_text(CURL *easy, CURLoption option, const char *value) {
  return ccurl()->curl_easy_setopt(easy, option, value);
}
static inline CURLcode ccurl_set_pointer(CURL *easy, CURLoption option, void *value) {
  return ccurl()->curl_easy_setopt(easy, option, value);
}
static inline CURLcode ccurl_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
  return ccurl()->curl_easy_setopt(easy, option, value);
}
static inline CURLcode ccurl_set_write(CURL *easy, CURLoption option, curl_write_callback value) {
  return ccurl()->curl_easy_setopt(easy, option, value);
}
static inline CURLcode ccurl_set_connected(CURL *easy, curl_prereq_callback value) {
  return ccurl()->curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, value);
}
static inline CURLcode ccurl_get_long(CURL *easy, CURLINFO info, long *value) {
  return ccurl()->curl_easy_getinfo(easy, info, value);
}
static inline CURLcode ccurl_easy_resume(CURL *easy) { return ccurl()->curl_easy_pause(easy, CURLPAUSE_CONT); }
static inline const char *ccurl_easy_strerror(CURLcode code) { return ccurl()->curl_easy_strerror(code); }

// What a write callback answers to be called again later with the same bytes.
static const size_t ccurl_write_pause = CURL_WRITEFUNC_PAUSE;

// All requests together.
static inline CURLM *ccurl_multi_init(void) { return ccurl()->curl_multi_init(); }
static inline CURLMcode ccurl_multi_add(CURLM *multi, CURL *easy) { return ccurl()->curl_multi_add_handle(multi, easy); }
static inline CURLMcode ccurl_multi_remove(CURLM *multi, CURL *easy) {
  return ccurl()->curl_multi_remove_handle(multi, easy);
}
static inline CURLMcode ccurl_multi_perform(CURLM *multi) {
  int running;
  return ccurl()->curl_multi_perform(multi, &running);
}
static inline CURLMcode ccurl_multi_poll(CURLM *multi, int milliseconds) {
  return ccurl()->curl_multi_poll(multi, NULL, 0, milliseconds, NULL);
}
static inline CURLMcode ccurl_multi_wakeup(CURLM *multi) { return ccurl()->curl_multi_wakeup(multi); }
static inline CURLMcode ccurl_multi_cleanup(CURLM *multi) { return ccurl()->curl_multi_cleanup(multi); }

/// The next request that has ended, with its code; NULL when there is none.
static inline CURL *ccurl_multi_ended(CURLM *multi, CURLcode *code) {
  int left;
  CURLMsg *message;
  while ((message = ccurl()->curl_multi_info_read(multi, &left))) {
    if (message->msg != CURLMSG_DONE) continue;
    *code = message->data.result;
    return message->easy_handle;
  }
  return NULL;
}

// The name of the calling thread, of which 15 bytes count. Foundation's `Thread` may not yet know which thread it is
// when that names itself, and then does nothing.
static inline void ccurl_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

// A write to a closed TLS connection raises SIGPIPE in the writing thread; blocked there, it becomes an error code.
static inline void ccurl_block_sigpipe(void) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, NULL);
}

#endif
