/* UserSig and PrivateMapKey: signed, verified, and refused when they should be. */
#include "check.h"
#include "mistakes.h"

/* From tests/fixtures/usersig/vectors.json: the second is what the vendor's own library signed. */
static const char KEY[] = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";
static const char OFFICIAL[] =
    "eJyrVgrxCdYrSy1SslIy0jNQ0gHzM1NS80oy0zLBwhWZiflZpXlQqeKU7MSCgswUJStDEwMogMiUZOamKlkZmqOKplYUZB"
    "aBxE1NTY3gosWZ6UpWSj5ljuYp*p7l5unBxXnF2WVhVU4uAf7Ozi5JpX7O5SbuHuUhzgZJmQXaTia2SrUAohcx8g__";
static const int64_t NOW = 1700000000;
static const int64_t LIFETIME = 15552000;
enum { APP = 1400000000 };

static void a_usersig_comes_back_as_it_was_signed(void)
{
    static const uint8_t USERBUF[] = {0, 1, 0xff};
    tc_usersig *usersig = NULL;
    tc_usersig *verified = NULL;
    tc_error *error = NULL;
    CHECK(tc_usersig_sign(APP, KEY, "xiaojun", NOW, LIFETIME, USERBUF, 3, &usersig, &error) == TC_OK);
    CHECK(error == NULL && usersig->text.len == strlen(usersig->text.ptr));
    CHECK(tc_usersig_verify(APP, KEY, "xiaojun", usersig->text.ptr, NOW, &verified, &error) == TC_OK);
    CHECK_TEXT(verified->identifier, "xiaojun");
    CHECK_TEXT(verified->text, usersig->text.ptr);
    CHECK(verified->sdk_app_id == APP && verified->time_s == NOW && verified->expire_s == LIFETIME);
    CHECK(verified->userbuf_len == 3 && memcmp(verified->userbuf, USERBUF, 3) == 0);
    tc_usersig_free(verified);
    tc_usersig_free(usersig);
}

static void the_vendors_usersig_is_verified_or_refused_for_a_reason(void)
{
    tc_usersig *verified = NULL;
    tc_error *error = NULL;
    char forged[sizeof KEY];
    CHECK(tc_usersig_verify(APP, KEY, NULL, OFFICIAL, NOW + LIFETIME, &verified, &error) == TC_OK);
    CHECK_TEXT(verified->identifier, "xiaojun");
    CHECK(verified->userbuf == NULL && verified->userbuf_len == 0);
    tc_usersig_free(verified);

#define REFUSED(status, word, app, key, identifier, text, now)                                                         \
    CHECK_FAILS(status, word, error, tc_usersig_verify(app, key, identifier, text, now, &verified, &error));           \
    CHECK(verified == NULL)

    memcpy(forged, KEY, sizeof KEY);
    forged[0] = '6';
    REFUSED(TC_ERROR_FORGED_USER_SIG, "key", APP, forged, "xiaojun", OFFICIAL, NOW);
    REFUSED(TC_ERROR_EXPIRED_USER_SIG, "expired", APP, KEY, "xiaojun", OFFICIAL, NOW + LIFETIME + 1);
    REFUSED(TC_ERROR_USER_SIG_MISMATCH, "xiaojun", APP, KEY, "xiaohong", OFFICIAL, NOW);
    REFUSED(TC_ERROR_USER_SIG_MISMATCH, "1400000000", APP + 1, KEY, "xiaojun", OFFICIAL, NOW);
    REFUSED(TC_ERROR_MALFORMED_USER_SIG, "UserSig", APP, KEY, "xiaojun", "eJyr", NOW);
    REFUSED(TC_ERROR_MALFORMED_USER_SIG, "UserSig", APP, KEY, "xiaojun", "", NOW);
    REFUSED(TC_ERROR_INVALID_ARGUMENT, "key", APP, "", "xiaojun", OFFICIAL, NOW);
    REFUSED(TC_ERROR_INVALID_ARGUMENT, "now_s", APP, KEY, "xiaojun", OFFICIAL, -1);
}

static void what_cannot_be_signed_is_named(void)
{
    tc_usersig *usersig = NULL;
    tc_error *error = NULL;

#define NOT_SIGNED(word, app, key, identifier, now, lifetime)                                                          \
    CHECK_FAILS(TC_ERROR_INVALID_ARGUMENT, word, error,                                                                      \
                tc_usersig_sign(app, key, identifier, now, lifetime, NULL, 0, &usersig, &error));                      \
    CHECK(usersig == NULL)

    NOT_SIGNED("sdk_app_id", 0, KEY, "id", NOW, LIFETIME);
    NOT_SIGNED("key", APP, "", "id", NOW, LIFETIME);
    NOT_SIGNED("identifier", APP, KEY, "", NOW, LIFETIME);
    NOT_SIGNED("identifier", APP, KEY, "\xff", NOW, LIFETIME);
    NOT_SIGNED("now_s", APP, KEY, "id", -1, LIFETIME);
    NOT_SIGNED("expire_s", APP, KEY, "id", NOW, 0);
    NOT_SIGNED("expire_s", APP, KEY, "id", NOW, -1);
}

static void a_key_that_is_certainly_a_mistake_is_refused_with_what_it_looks_like(void)
{
    tc_usersig *usersig = NULL;
    tc_error *error = NULL;
    size_t i;
    for (i = 0; i < MISTAKE_COUNT; i++) {
        const char *const key = MISTAKES[i][0];
        NOT_SIGNED(MISTAKES[i][1], APP, key, "id", NOW, LIFETIME);
        CHECK_FAILS(TC_ERROR_INVALID_ARGUMENT, MISTAKES[i][1], error,
                    tc_usersig_sign_private_map_key(APP, key, "id", NOW, LIFETIME, 7, NULL, TC_PRIVILEGE_ALL, &usersig,
                                                    &error));
        CHECK_FAILS(TC_ERROR_INVALID_ARGUMENT, MISTAKES[i][1], error,
                    tc_usersig_verify(APP, key, "id", "eJw", NOW, &usersig, &error));
        CHECK(usersig == NULL);
    }
    CHECK_FAILS(TC_ERROR_MALFORMED_USER_SIG, "quotes", error,
                tc_usersig_verify(APP, KEY, NULL, "\"eJw\"", NOW, &usersig, &error));
    CHECK_FAILS(TC_ERROR_MALFORMED_USER_SIG, "line feed", error,
                tc_usersig_verify(APP, KEY, NULL, "eJw\n", NOW, &usersig, &error));
}

static void check_userbuf(const char *room_text, uint32_t room_number, const char *hex)
{
    tc_usersig *usersig = NULL;
    tc_usersig *verified = NULL;
    char found[200] = "";
    size_t i;
    CHECK(tc_usersig_sign_private_map_key(APP, KEY, "xiaojun", NOW, LIFETIME, room_number, room_text, TC_PRIVILEGE_ALL,
                                          &usersig, NULL) == TC_OK);
    CHECK(tc_usersig_verify(APP, KEY, "xiaojun", usersig->text.ptr, NOW, &verified, NULL) == TC_OK);
    for (i = 0; i < verified->userbuf_len; i++) {
        snprintf(found + 2 * i, 3, "%02x", verified->userbuf[i]);
    }
    CHECK(strcmp(found, hex) == 0);
    tc_usersig_free(verified);
    tc_usersig_free(usersig);
}

static void a_private_map_key_is_for_one_room(void)
{
    tc_usersig *usersig = NULL;
    tc_error *error = NULL;
    check_userbuf(NULL, 10000, "0000077869616f6a756e53724e000000271066413f00000000ff00000000");
    check_userbuf("room-abc", 10000,
                  "0100077869616f6a756e53724e000000000066413f00000000ff000000000008726f6f6d2d616263");
    CHECK_FAILS(TC_ERROR_INVALID_ARGUMENT, "expire_s", error,
                tc_usersig_sign_private_map_key(APP, KEY, "xiaojun", NOW, INT64_MAX, 1, NULL, TC_PRIVILEGE_ALL,
                                                &usersig, &error));
}

int main(void)
{
    a_usersig_comes_back_as_it_was_signed();
    the_vendors_usersig_is_verified_or_refused_for_a_reason();
    what_cannot_be_signed_is_named();
    a_key_that_is_certainly_a_mistake_is_refused_with_what_it_looks_like();
    a_private_map_key_is_for_one_room();
    return 0;
}
