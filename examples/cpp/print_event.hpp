#ifndef PRINT_EVENT_HPP
#define PRINT_EVENT_HPP

#include <tc_callback.hpp>

/* One line on stdout that says what happened. */
void print_event(tc::EventView event);

#endif
