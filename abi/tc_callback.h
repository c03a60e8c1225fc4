// What compiled programs rely on: written by `make header`.
#ifndef TC_CALLBACK_H
#define TC_CALLBACK_H
#include <stddef.h>
#include <stdint.h>
#define TC_VERSION_MAJOR 0
#define TC_VERSION_MINOR 1
#define TC_VERSION_PATCH 0
#define TC_VERSION_STRING "0.1.0"
#define TC_VERSION_NUMBER 100
#define TC_ABSENT INT64_MIN
#define TC_NOT_SENT -1
#define TC_ABI_VERSION 1
#define TC_DUPLICATE_KEY_SIZE 33
#define TC_FACTORY_OFFSET 64
typedef enum tc_status_code {
  TC_OK = 0,
  TC_ERROR_NULL_POINTER = 1,
  TC_ERROR_INVALID_ARGUMENT = 2,
  TC_ERROR_OUT_OF_MEMORY = 3,
  TC_ERROR_PANIC = 4,
  TC_ERROR_INVALID_OPTION = 100,
  TC_ERROR_INVALID_URL = 101,
  TC_ERROR_EMPTY_COMMAND_LIST = 102,
  TC_ERROR_UNKNOWN_COMMAND = 103,
  TC_ERROR_UNSUPPORTED_OPERATION = 104,
  TC_ERROR_TIMEOUT = 200,
  TC_ERROR_NAME_RESOLUTION = 201,
  TC_ERROR_CONNECTION = 202,
  TC_ERROR_TLS = 203,
  TC_ERROR_PROXY = 204,
  TC_ERROR_HTTP_STATUS = 205,
  TC_ERROR_INVALID_RESPONSE = 206,
  TC_ERROR_CANCELLED = 207,
  TC_ERROR_REFUSED = 300,
  TC_ERROR_ALREADY_EXISTS = 301,
  TC_ERROR_NOT_FOUND = 302,
  TC_ERROR_UNAUTHORIZED = 303,
  TC_ERROR_RATE_LIMITED = 304,
  TC_ERROR_SERVICE_FAILED = 305,
  TC_ERROR_MALFORMED_JSON = 400,
  TC_ERROR_NOT_A_CALLBACK = 401,
  TC_ERROR_MALFORMED_QUERY = 402,
  TC_ERROR_TOO_LARGE = 403,
  TC_ERROR_TOO_DEEP = 404,
  TC_ERROR_TOO_MANY_ELEMENTS = 409,
  TC_ERROR_WRONG_APP = 405,
  TC_ERROR_BAD_SIGN = 406,
  TC_ERROR_STALE_SIGN = 407,
  TC_ERROR_NO_SUCH_VALUE = 408,
  TC_ERROR_MALFORMED_USER_SIG = 500,
  TC_ERROR_EXPIRED_USER_SIG = 501,
  TC_ERROR_USER_SIG_MISMATCH = 502,
  TC_ERROR_FORGED_USER_SIG = 503,
} tc_status_code;
typedef enum tc_product {
  TC_PRODUCT_UNKNOWN = 0,
  TC_PRODUCT_CONFERENCE = 1,
  TC_PRODUCT_CALL = 2,
} tc_product;
typedef enum tc_command {
  TC_COMMAND_UNKNOWN = 0,
  TC_ROOM_AFTER_CREATE_ROOM = 101,
  TC_ROOM_AFTER_DESTROY_ROOM = 102,
  TC_ROOM_AFTER_UPDATE_ROOM_INFO = 103,
  TC_ROOM_AFTER_MEMBER_ENTER = 104,
  TC_ROOM_AFTER_MEMBER_LEAVE = 105,
  TC_MIC_AFTER_SEAT_INFO_CHANGED = 106,
  TC_CALL_AFTER_START_CALL = 201,
  TC_CALL_AFTER_END_CALL = 202,
  TC_CALL_AFTER_MEMBER_CHANGED = 203,
  TC_CALL_AFTER_RECORD_CHANGED = 204,
} tc_command;
typedef enum tc_region {
  TC_REGION_CHINA = 1,
  TC_REGION_SINGAPORE = 2,
  TC_REGION_SEOUL = 3,
  TC_REGION_SILICON_VALLEY = 4,
  TC_REGION_FRANKFURT = 5,
  TC_REGION_JAKARTA = 6,
  TC_REGION_TOKYO = 7,
  TC_REGION_MUMBAI = 8,
  TC_REGION_SAUDI_ARABIA = 9,
} tc_region;
typedef enum tc_change {
  TC_CHANGE_CREATED = 1,
  TC_CHANGE_UPDATED = 2,
  TC_CHANGE_UNCHANGED = 3,
  TC_CHANGE_DELETED = 4,
  TC_CHANGE_WRITTEN = 5,
} tc_change;
typedef enum tc_level {
  TC_LEVEL_WARN = 2,
  TC_LEVEL_INFO = 3,
  TC_LEVEL_DEBUG = 4,
} tc_level;
typedef enum tc_json_kind {
  TC_JSON_KIND_NULL = 0,
  TC_JSON_KIND_BOOLEAN = 1,
  TC_JSON_KIND_NUMBER = 2,
  TC_JSON_KIND_TEXT = 3,
  TC_JSON_KIND_ARRAY = 4,
  TC_JSON_KIND_OBJECT = 5,
} tc_json_kind;
typedef enum tc_privilege {
  TC_PRIVILEGE_CREATE_ROOM = 1,
  TC_PRIVILEGE_ENTER_ROOM = 2,
  TC_PRIVILEGE_SEND_AUDIO = 4,
  TC_PRIVILEGE_RECEIVE_AUDIO = 8,
  TC_PRIVILEGE_SEND_VIDEO = 16,
  TC_PRIVILEGE_RECEIVE_VIDEO = 32,
  TC_PRIVILEGE_SEND_SUBSTREAM = 64,
  TC_PRIVILEGE_RECEIVE_SUBSTREAM = 128,
  TC_PRIVILEGE_ALL = 255,
} tc_privilege;
typedef enum tc_platform {
  TC_PLATFORM_UNKNOWN = 0,
  TC_PLATFORM_REST_API = 1,
  TC_PLATFORM_WEB = 2,
  TC_PLATFORM_ANDROID = 3,
  TC_PLATFORM_IOS = 4,
  TC_PLATFORM_WINDOWS = 5,
  TC_PLATFORM_MACOS = 6,
  TC_PLATFORM_IPAD = 7,
} tc_platform;
typedef enum tc_room_type {
  TC_ROOM_TYPE_UNKNOWN = 0,
  TC_ROOM_TYPE_CONFERENCE = 1,
} tc_room_type;
typedef enum tc_room_status {
  TC_ROOM_STATUS_UNKNOWN = 0,
  TC_ROOM_STATUS_NONE = 1,
  TC_ROOM_STATUS_NOT_STARTED = 2,
  TC_ROOM_STATUS_RUNNING = 3,
} tc_room_status;
typedef enum tc_take_seat_mode {
  TC_TAKE_SEAT_MODE_UNKNOWN = 0,
  TC_TAKE_SEAT_MODE_NONE = 1,
  TC_TAKE_SEAT_MODE_FREE_TO_TAKE = 2,
  TC_TAKE_SEAT_MODE_APPLY_TO_TAKE = 3,
} tc_take_seat_mode;
typedef enum tc_member_change {
  TC_MEMBER_CHANGE_UNKNOWN = 0,
  TC_MEMBER_CHANGE_ENTER = 1,
  TC_MEMBER_CHANGE_LEAVE = 2,
  TC_MEMBER_CHANGE_KICKED = 3,
  TC_MEMBER_CHANGE_EXPIRED = 4,
} tc_member_change;
typedef enum tc_media_type {
  TC_MEDIA_TYPE_UNKNOWN = 0,
  TC_MEDIA_TYPE_AUDIO = 1,
  TC_MEDIA_TYPE_VIDEO = 2,
} tc_media_type;
typedef enum tc_call_type {
  TC_CALL_TYPE_UNKNOWN = 0,
  TC_CALL_TYPE_SINGLE_CALL = 1,
  TC_CALL_TYPE_MULTI_CALL = 2,
} tc_call_type;
typedef enum tc_call_result {
  TC_CALL_RESULT_UNKNOWN = 0,
  TC_CALL_RESULT_CANCEL = 1,
  TC_CALL_RESULT_REJECT = 2,
  TC_CALL_RESULT_NOT_ANSWER = 3,
  TC_CALL_RESULT_NORMAL_END = 4,
  TC_CALL_RESULT_CALL_BUSY = 5,
  TC_CALL_RESULT_INTERRUPT = 6,
  TC_CALL_RESULT_OFFLINE = 7,
} tc_call_result;
typedef enum tc_call_user_status {
  TC_CALL_USER_STATUS_UNKNOWN = 0,
  TC_CALL_USER_STATUS_CALLING = 1,
  TC_CALL_USER_STATUS_WAITING = 2,
} tc_call_user_status;
typedef enum tc_call_action {
  TC_CALL_ACTION_UNKNOWN = 0,
  TC_CALL_ACTION_ACCEPT = 1,
  TC_CALL_ACTION_REJECT = 2,
  TC_CALL_ACTION_NOT_ANSWER = 3,
  TC_CALL_ACTION_HANGUP = 4,
  TC_CALL_ACTION_JOIN = 5,
  TC_CALL_ACTION_OFFLINE = 6,
  TC_CALL_ACTION_INVITE = 7,
  TC_CALL_ACTION_CANCEL_INVITE = 8,
} tc_call_action;
typedef enum tc_room_id_type {
  TC_ROOM_ID_TYPE_UNKNOWN = 0,
  TC_ROOM_ID_TYPE_NUMBER = 1,
  TC_ROOM_ID_TYPE_TEXT = 2,
} tc_room_id_type;
typedef enum tc_record_kind {
  TC_RECORD_KIND_ROOM_INFO = 0,
  TC_RECORD_KIND_ROOM_MEMBERS = 1,
  TC_RECORD_KIND_ROOM_SEATS = 2,
  TC_RECORD_KIND_SEAT = 3,
  TC_RECORD_KIND_CALL_START = 4,
  TC_RECORD_KIND_CALL_USER = 5,
  TC_RECORD_KIND_CALL_END = 6,
  TC_RECORD_KIND_CALL_MEMBERS = 7,
  TC_RECORD_KIND_CALL_CHANGE = 8,
  TC_RECORD_KIND_CALL_RECORD = 9,
} tc_record_kind;
typedef enum tc_delivery {
  TC_DELIVERY_NEW = 1,
  TC_DELIVERY_DONE = 2,
  TC_DELIVERY_BUSY = 3,
  TC_DELIVERY_REJECTED = 4,
} tc_delivery;
typedef enum tc_settlement {
  TC_TAKEN = 1,
  TC_REFUSED = 2,
  TC_UNKNOWN = 3,
} tc_settlement;
typedef struct tc_cancel tc_cancel;
typedef struct tc_client tc_client;
typedef struct tc_client_options tc_client_options;
typedef struct tc_receiver tc_receiver;
typedef struct tc_receiver_options tc_receiver_options;
typedef int32_t tc_status;
typedef struct tc_str {
  const char *ptr;
  size_t len;
} tc_str;
typedef struct tc_error {
  tc_status status;
  int32_t is_retryable;
  struct tc_str message;
  int32_t http_status;
  int32_t attempts;
  int64_t tencent_code;
  struct tc_str tencent_info;
  struct tc_str request_id;
  int64_t offset;
} tc_error;
typedef void (*tc_log_fn)(int32_t level, const char *line, void *user_data);
typedef void (*tc_drop_fn)(void *user_data);
typedef struct tc_callback_config {
  struct tc_str url;
  const struct tc_str *commands;
  size_t command_count;
  int32_t http_status;
  int32_t attempts;
  struct tc_str request_id;
} tc_callback_config;
typedef struct tc_response {
  int32_t change;
  int32_t http_status;
  int32_t attempts;
  int64_t tencent_code;
  struct tc_str tencent_info;
  struct tc_str request_id;
  const struct tc_callback_config *previous;
} tc_response;
typedef struct tc_request {
  size_t struct_size;
  const char *query;
  size_t query_len;
  const char *body;
  size_t body_len;
  int64_t now_s;
} tc_request;
typedef struct tc_room_info {
  struct tc_str room_id;
  struct tc_str room_name;
  struct tc_str room_type_word;
  struct tc_str owner_account;
  struct tc_str take_seat_mode_word;
  struct tc_str room_status_word;
  struct tc_str custom_info;
  int32_t room_type;
  int32_t take_seat_mode;
  int32_t room_status;
  int32_t is_seat_enabled;
  int32_t is_video_disabled;
  int32_t is_audio_disabled;
  int32_t is_message_disabled;
  int32_t is_screen_sharing_disabled;
  int32_t is_cloud_recording_disabled;
  int64_t max_member_count;
  int64_t max_seat_count;
  int64_t schedule_start_time_s;
  int64_t schedule_end_time_s;
  int64_t create_time_s;
  const struct tc_str *schedule_invitee_accounts;
  size_t schedule_invitee_account_count;
} tc_room_info;
typedef struct tc_room_members {
  struct tc_str room_id;
  struct tc_str change_word;
  struct tc_str reason;
  int32_t change;
  int64_t member_count;
  const struct tc_str *member_accounts;
  size_t member_account_count;
} tc_room_members;
typedef struct tc_seat {
  int64_t index;
  struct tc_str member_account;
  int32_t is_taken_disabled;
  int32_t is_video_disabled;
  int32_t is_audio_disabled;
} tc_seat;
typedef struct tc_room_seats {
  struct tc_str room_id;
  const struct tc_seat *const *seats;
  size_t seat_count;
} tc_room_seats;
typedef struct tc_call_user {
  struct tc_str account;
  struct tc_str status_word;
  int32_t status;
} tc_call_user;
typedef struct tc_call_start {
  struct tc_str call_id;
  struct tc_str media_type_word;
  struct tc_str chat_group_id;
  struct tc_str room_id;
  int32_t media_type;
  int64_t room_id_type;
  const struct tc_call_user *const *users;
  size_t user_count;
} tc_call_start;
typedef struct tc_call_end {
  struct tc_str call_id;
  struct tc_str caller_account;
  struct tc_str media_type_word;
  struct tc_str call_type_word;
  struct tc_str result_word;
  struct tc_str room_id;
  int32_t media_type;
  int32_t call_type;
  int32_t result;
  int64_t start_time_s;
  int64_t accept_time_s;
  int64_t end_time_s;
  int64_t room_id_type;
  const struct tc_str *callee_accounts;
  size_t callee_account_count;
} tc_call_end;
typedef struct tc_call_change {
  struct tc_str account;
  struct tc_str action_word;
  int32_t action;
} tc_call_change;
typedef struct tc_call_members {
  struct tc_str call_id;
  const struct tc_call_user *const *users;
  size_t user_count;
  const struct tc_call_change *const *changes;
  size_t change_count;
} tc_call_members;
typedef struct tc_call_record {
  struct tc_str call_id;
  struct tc_str room_id;
  struct tc_str user_id;
  struct tc_str task_id;
  struct tc_str payload_json;
  int64_t event_group_id;
  int64_t event_type;
  int64_t callback_time_ms;
  int64_t engine_event_time_s;
  int64_t engine_event_time_ms;
  int64_t kit_type;
} tc_call_record;
typedef struct tc_event {
  size_t block_size;
  int32_t command;
  int32_t product;
  uint32_t sdk_app_id;
  int32_t platform;
  int64_t event_time_ms;
  struct tc_str command_word;
  struct tc_str query_command_word;
  struct tc_str operator_account;
  struct tc_str subject;
  struct tc_str client_ip;
  struct tc_str platform_word;
  struct tc_str body;
  struct tc_str query;
  size_t mismatch_count;
  struct tc_str mismatch;
  const struct tc_room_info *room;
  const struct tc_room_members *members;
  const struct tc_room_seats *seats;
  const struct tc_call_start *call_start;
  const struct tc_call_end *call_end;
  const struct tc_call_members *call_members;
  const struct tc_call_record *call_record;
} tc_event;
typedef struct tc_outcome {
  tc_status status;
  int32_t http_status;
  struct tc_str reply;
  struct tc_str content_type;
  int32_t delivery;
  const struct tc_event *event;
  const struct tc_error *error;
} tc_outcome;
typedef struct tc_event_copy {
  size_t struct_size;
  void *buffer;
  size_t buffer_size;
  size_t block_size;
  const void *base;
  struct tc_event *event;
} tc_event_copy;
typedef struct tc_event_kind {
  int32_t command;
  void *kind;
  void *word;
} tc_event_kind;
typedef struct tc_object_factory {
  size_t struct_size;
  void *absent;
  void *yes;
  void *no;
  void (*retain)(void *object);
  void (*release)(void *object);
  void *(*text)(const char *utf8, ptrdiff_t len);
  void *(*bytes)(const char *bytes, ptrdiff_t len);
  void *(*integer)(int64_t value);
  void *(*list)(ptrdiff_t len);
  void *(*record)(void *kind, ptrdiff_t len);
  int (*put)(void *container, ptrdiff_t index, void *object);
  void *(*item)(void *container, ptrdiff_t index);
  int (*read)(void *object, char **bytes, ptrdiff_t *len);
  void *const *record_kinds;
  size_t record_kind_count;
  const struct tc_event_kind *event_kinds;
  size_t event_kind_count;
  size_t longest_request;
  size_t first_place;
} tc_object_factory;
typedef struct tc_json {
  int32_t kind;
  int32_t boolean;
  int64_t integer;
  size_t length;
  struct tc_str text;
  struct tc_str raw;
} tc_json;
typedef struct tc_usersig {
  struct tc_str text;
  struct tc_str identifier;
  uint32_t sdk_app_id;
  int64_t time_s;
  int64_t expire_s;
  const uint8_t *userbuf;
  size_t userbuf_len;
} tc_usersig;
#ifdef __cplusplus
extern "C" {
#endif // __cplusplus
const char *tc_version(void);
uint32_t tc_abi_version(void);
void tc_error_free(struct tc_error *error);
const char *tc_status_text(tc_status status);
int32_t tc_command_from_word(const char *word);
const char *tc_command_word(int32_t command);
size_t tc_product_commands(int32_t product,
                           const char **words,
                           size_t capacity);
struct tc_client_options *tc_client_options_new(uint32_t sdk_app_id);
void tc_client_options_free(struct tc_client_options *options);
void tc_client_options_set_key(struct tc_client_options *options, const char *key);
void tc_client_options_set_usersig(struct tc_client_options *options, const char *usersig);
void tc_client_options_set_administrator(struct tc_client_options *options, const char *administrator);
void tc_client_options_set_region(struct tc_client_options *options, int32_t region);
void tc_client_options_set_endpoint(struct tc_client_options *options, const char *endpoint);
void tc_client_options_set_connect_timeout_ms(struct tc_client_options *options, uint64_t timeout_ms);
void tc_client_options_set_timeout_ms(struct tc_client_options *options,
                                      uint64_t timeout_ms);
void tc_client_options_set_attempts(struct tc_client_options *options, uint32_t attempts);
void tc_client_options_set_rate_limit(struct tc_client_options *options,
                                      uint32_t requests_per_second);
void tc_client_options_set_usersig_lifetime_s(struct tc_client_options *options,
                                              uint64_t lifetime_s);
void tc_client_options_set_ca_file(struct tc_client_options *options, const char *path);
void tc_client_options_set_crl_file(struct tc_client_options *options,
                                    const char *path);
void tc_client_options_set_proxy(struct tc_client_options *options, const char *url);
void tc_client_options_set_user_agent(struct tc_client_options *options, const char *user_agent);
void tc_client_options_set_allow_unknown_commands(struct tc_client_options *options,
                                                  int32_t allow);
void tc_client_options_set_log(struct tc_client_options *options,
                               tc_log_fn function,
                               void *user_data,
                               tc_drop_fn drop_user_data);
tc_status tc_client_new(const struct tc_client_options *options,
                        struct tc_client **client,
                        struct tc_error **error);
tc_status tc_client_with_timeout_ms(const struct tc_client *client,
                                    uint64_t timeout_ms,
                                    struct tc_client **derived,
                                    struct tc_error **error);
void tc_client_free(struct tc_client *client);
tc_status tc_set_callback(const struct tc_client *client,
                          int32_t product,
                          const char *url,
                          const char *const *commands,
                          size_t command_count,
                          struct tc_response **response,
                          struct tc_error **error);
tc_status tc_update_callback(const struct tc_client *client,
                             int32_t product,
                             const char *url,
                             const char *const *commands,
                             size_t command_count,
                             struct tc_response **response,
                             struct tc_error **error);
tc_status tc_ensure_callback(const struct tc_client *client,
                             int32_t product,
                             const char *url,
                             const char *const *commands,
                             size_t command_count,
                             struct tc_response **response,
                             struct tc_error **error);
tc_status tc_get_callback(const struct tc_client *client,
                          int32_t product,
                          struct tc_callback_config **config,
                          struct tc_error **error);
tc_status tc_delete_callback(const struct tc_client *client,
                             int32_t product,
                             struct tc_response **response,
                             struct tc_error **error);
struct tc_cancel *tc_cancel_new(void);
void tc_cancel_request(const struct tc_cancel *cancel);
void tc_cancel_free(struct tc_cancel *cancel);
tc_status tc_client_with_cancel(const struct tc_client *client,
                                const struct tc_cancel *cancel,
                                struct tc_client **derived,
                                struct tc_error **error);
void tc_callback_config_free(struct tc_callback_config *config);
void tc_response_free(struct tc_response *response);
struct tc_receiver_options *tc_receiver_options_new(uint32_t sdk_app_id);
void tc_receiver_options_free(struct tc_receiver_options *options);
void tc_receiver_options_add_token(struct tc_receiver_options *options,
                                   const char *token);
void tc_receiver_options_set_sign_tolerance_s(struct tc_receiver_options *options, uint32_t tolerance_s);
void tc_receiver_options_set_max_body_bytes(struct tc_receiver_options *options, size_t max_body_bytes);
void tc_receiver_options_set_max_depth(struct tc_receiver_options *options, size_t max_depth);
void tc_receiver_options_set_max_elements(struct tc_receiver_options *options, size_t max_elements);
void tc_receiver_options_set_duplicate_window(struct tc_receiver_options *options,
                                              size_t count,
                                              uint32_t seconds);
tc_status tc_receiver_new(const struct tc_receiver_options *options,
                          struct tc_receiver **receiver,
                          struct tc_error **error);
void tc_receiver_free(struct tc_receiver *receiver);
tc_status tc_receiver_handle(const struct tc_receiver *receiver,
                             const struct tc_request *request,
                             struct tc_outcome **outcome,
                             struct tc_error **error);
tc_status tc_outcome_settle(struct tc_outcome *outcome,
                            int32_t settlement,
                            struct tc_error **error);
void tc_outcome_free(struct tc_outcome *outcome);
tc_status tc_parse_event(const char *query,
                         size_t query_len,
                         const char *body,
                         size_t body_len,
                         struct tc_event **event,
                         struct tc_error **error);
tc_status tc_parse_event_copy(const char *query,
                              size_t query_len,
                              const char *body,
                              size_t body_len,
                              struct tc_event_copy *copy,
                              struct tc_error **error);
size_t tc_event_duplicate_key(const struct tc_event *event,
                              char *key);
void tc_event_free(struct tc_event *event);
void *tc_event_to_object(const struct tc_event *event,
                         const struct tc_object_factory *factory,
                         struct tc_error **error);
void *tc_request_to_object(void *host,
                           void *const *arguments,
                           ptrdiff_t argument_count);
tc_status tc_event_json(const struct tc_event *event,
                        const char *pointer,
                        struct tc_json **value,
                        struct tc_error **error);
void tc_json_free(struct tc_json *value);
tc_status tc_usersig_sign(uint32_t sdk_app_id,
                          const char *key,
                          const char *identifier,
                          int64_t now_s,
                          int64_t expire_s,
                          const uint8_t *userbuf,
                          size_t userbuf_len,
                          struct tc_usersig **usersig,
                          struct tc_error **error);
tc_status tc_usersig_sign_private_map_key(uint32_t sdk_app_id,
                                          const char *key,
                                          const char *identifier,
                                          int64_t now_s,
                                          int64_t expire_s,
                                          uint32_t room_number,
                                          const char *room_text,
                                          uint32_t privileges,
                                          struct tc_usersig **usersig,
                                          struct tc_error **error);
tc_status tc_usersig_verify(uint32_t sdk_app_id,
                            const char *key,
                            const char *identifier,
                            const char *text,
                            int64_t now_s,
                            struct tc_usersig **verified,
                            struct tc_error **error);
void tc_usersig_free(struct tc_usersig *usersig);
#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus
#endif  
