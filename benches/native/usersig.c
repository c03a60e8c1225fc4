/* A fresh UserSig for a client of the application: by the library, and as Tencent's C++ library makes it, with OpenSSL and zlib. */
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <zlib.h>

#include "tc_callback.h"

static const char KEY[] = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";
static const unsigned SDK_APP_ID = 1400000000, EXPIRE_S = 86400;
static const long long NOW_S = 1700000000;

int bench_usersig_tc_callback(int family, int shape, const bench_text *bodies, size_t count, uint64_t *checksum)
{
    (void)family, (void)shape, (void)bodies;
    *checksum = 0;
    for (size_t i = 0; i < count; i++) {
        char identifier[32];
        snprintf(identifier, sizeof identifier, "user_%zu", i);
        tc_usersig *usersig = NULL;
        if (tc.usersig_sign(SDK_APP_ID, KEY, identifier, NOW_S, EXPIRE_S, NULL, 0, &usersig, NULL) != TC_OK)
            return -1;
        *checksum = bench_fold(*checksum, usersig->text.len);
        tc.usersig_free(usersig);
    }
    return 0;
}

/* Length of the UserSig, or 0. */
static size_t sign(const char *identifier, char *usersig)
{
    char content[256], json[512];
    unsigned char mac[32], mac_text[45];
    int len = snprintf(content, sizeof content, "TLS.identifier:%s\nTLS.sdkappid:%u\nTLS.time:%lld\nTLS.expire:%u\n",
                       identifier, SDK_APP_ID, NOW_S, EXPIRE_S);
    HMAC(EVP_sha256(), KEY, strlen(KEY), (unsigned char *)content, len, mac, NULL);
    EVP_EncodeBlock(mac_text, mac, sizeof mac);
    len = snprintf(
        json, sizeof json,
        "{\"TLS.ver\":\"2.0\",\"TLS.identifier\":\"%s\",\"TLS.sdkappid\":%u,\"TLS.expire\":%u,\"TLS.time\":%lld,"
        "\"TLS.sig\":\"%s\"}",
        identifier, SDK_APP_ID, EXPIRE_S, NOW_S, (char *)mac_text);
    unsigned char stream[1024];
    uLongf stream_len = sizeof stream;
    if (compress(stream, &stream_len, (Bytef *)json, len) != Z_OK)
        return 0;
    size_t usersig_len = EVP_EncodeBlock((unsigned char *)usersig, stream, stream_len);
    for (size_t i = 0; i < usersig_len; i++)
        usersig[i] = usersig[i] == '+' ? '*' : usersig[i] == '/' ? '-' : usersig[i] == '=' ? '_' : usersig[i];
    return usersig_len;
}

int bench_usersig_by_hand(int family, int shape, const bench_text *bodies, size_t count, uint64_t *checksum)
{
    (void)family, (void)shape, (void)bodies;
    *checksum = 0;
    for (size_t i = 0; i < count; i++) {
        char identifier[32], usersig[2048];
        snprintf(identifier, sizeof identifier, "user_%zu", i);
        size_t len = sign(identifier, usersig);
        if (len == 0)
            return -1;
        *checksum = bench_fold(*checksum, len);
    }
    return 0;
}
