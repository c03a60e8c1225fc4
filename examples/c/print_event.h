#ifndef PRINT_EVENT_H
#define PRINT_EVENT_H

#include <tc_callback.h>

/* One line on stdout that says what happened. */
void print_event(const tc_event *event);

#endif
