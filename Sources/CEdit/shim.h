// libedit's native, narrow interface (histedit.h, 3.1). Only Terminal imports this.
//
// el_set, el_get and history take a variable number of arguments, which Swift cannot call: each use has a wrapper
// here with the types that the manual page editline(3) gives it.
#ifndef RAMP_CEDIT_SHIM_H
#define RAMP_CEDIT_SHIM_H

#include <fcntl.h>
#include <histedit.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

typedef char *(*cedit_prompt)(EditLine *);
typedef int (*cedit_read)(EditLine *, wchar_t *);
typedef unsigned char (*cedit_command)(EditLine *, int);

/// Makes the process's characters UTF-8, which libedit's conversions need. Returns 0 where no such locale is installed.
static inline int cedit_use_utf8(void) {
  setlocale(LC_CTYPE, "");
  if (strcmp(nl_langinfo(CODESET), "UTF-8") == 0) { return 1; }
  return setlocale(LC_CTYPE, "C.UTF-8") != NULL;
}

/// A stream of its own on a copy of the descriptor, not inherited by child processes.
static inline FILE *cedit_open(int descriptor, const char *mode) {
  int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
  if (copy < 0) { return NULL; }
  FILE *stream = fdopen(copy, mode);
  if (stream == NULL) { close(copy); }
  return stream;
}

static inline void cedit_write(FILE *stream, const char *text) {
  fputs(text, stream);
  fflush(stream);
}

static inline int cedit_set_prompt(EditLine *editor, cedit_prompt prompt) {
  return el_set(editor, EL_PROMPT_ESC, prompt, '\1');
}

static inline int cedit_set_editor(EditLine *editor, const char *mode) { return el_set(editor, EL_EDITOR, mode); }

static inline int cedit_set_signal(EditLine *editor, int on) { return el_set(editor, EL_SIGNAL, on); }

static inline int cedit_set_read(EditLine *editor, cedit_read read) { return el_set(editor, EL_GETCFN, read); }

static inline int cedit_set_owner(EditLine *editor, void *owner) { return el_set(editor, EL_CLIENTDATA, owner); }

static inline void *cedit_owner(EditLine *editor) {
  void *owner = NULL;
  return el_get(editor, EL_CLIENTDATA, &owner) == 0 ? owner : NULL;
}

static inline int cedit_add(EditLine *editor, const char *name, const char *help, cedit_command command) {
  return el_set(editor, EL_ADDFN, name, help, command);
}

static inline int cedit_bind(EditLine *editor, const char *key, const char *command) {
  return el_set(editor, EL_BIND, key, command, NULL);
}

/// Binds in the other map too: vi's command mode, where ~/.editrc asks for vi.
static inline int cedit_bind_alternate(EditLine *editor, const char *key, const char *command) {
  return el_set(editor, EL_BIND, "-a", key, command, NULL);
}

static inline int cedit_set_tty(EditLine *editor, const char *mode, const char *change) {
  return el_set(editor, EL_SETTY, mode, change, NULL);
}

/// 1 takes the terminal for editing, 0 gives it back.
static inline int cedit_prepare(EditLine *editor, int on) { return el_set(editor, EL_PREP_TERM, on); }

static inline int cedit_refresh(EditLine *editor) { return el_set(editor, EL_REFRESH); }

static inline int cedit_set_history(EditLine *editor, History *entries) {
  return el_set(editor, EL_HIST, history, entries);
}

static inline int cedit_history(History *entries, HistEvent *event, int operation) {
  return history(entries, event, operation);
}

static inline int cedit_history_number(History *entries, HistEvent *event, int operation, int number) {
  return history(entries, event, operation, number);
}

static inline int cedit_history_text(History *entries, HistEvent *event, int operation, const char *text) {
  return history(entries, event, operation, text);
}

/// Appends one line to a history file, which is made where it is not there. Returns 0, or -1 after an error.
static inline int cedit_history_append(const char *text, const char *path) {
  int descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) { return -1; }
  FILE *stream = fdopen(descriptor, "a");
  if (stream == NULL) {
    close(descriptor);
    return -1;
  }
  // libedit writes the header where the stream says that it is at the beginning.
  fseek(stream, 0, SEEK_END);
  // A list of its own: H_NSAVE_FP, which should write the newest n, writes one more.
  History *entries = history_init();
  HistEvent event;
  int code = entries == NULL ? -1 : history(entries, &event, H_SETSIZE, 1);
  if (code >= 0) { code = history(entries, &event, H_ENTER, text); }
  if (code >= 0) { code = history(entries, &event, H_SAVE_FP, stream); }
  if (entries != NULL) { history_end(entries); }
  return fclose(stream) == 0 && code >= 0 ? 0 : -1;
}

/// Columns of the terminal behind the descriptor; 0 where it is none or does not know.
static inline int cedit_columns(int descriptor) {
  struct winsize size;
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/// Rows of the terminal behind the descriptor; 0 where it is none or does not know.
static inline int cedit_rows(int descriptor) {
  struct winsize size;
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_row : 0;
}

#endif
