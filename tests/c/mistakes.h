/* Secrets that are certainly mistakes, for every test in C and C++. */
#ifndef MISTAKES_H
#define MISTAKES_H

/* What is refused as a key or a token, and what it is said to be: tests/fixtures/secrets.json has more. */
#define A_KEY "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e"
static const char *const MISTAKES[][2] = {
    {"", "is empty"},
    {"\xef\xbb\xbf" A_KEY, "byte order mark"},
    {A_KEY "\r\n", "carriage return"},
    {A_KEY "\r", "carriage return"},
    {A_KEY "\n", "line feed"},
    {" " A_KEY, "white space"},
    {A_KEY "\n" A_KEY "\n", "line end inside"},
    {"\"" A_KEY "\"", "quotes"},
    {"'" A_KEY "'", "quotes"},
    {"TC_SECRET_KEY=" A_KEY, "name of a variable"},
    {"export TC_TOKEN=" A_KEY, "name of a variable"},
    {"-----BEGIN PRIVATE KEY-----\n" A_KEY "\n-----END PRIVATE KEY-----\n", "PEM"},
    {A_KEY "\xff", "UTF-8"},
};

#define MISTAKE_COUNT (sizeof MISTAKES / sizeof *MISTAKES)

#endif
