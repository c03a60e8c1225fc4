// Reads bodies into the structs of families.hpp through a Peer: a thin layer over one JSON library, all of it inlined.
//
// Peer has: Value, Object; bool parse(text, Value &) and void release(); text, integer, boolean, object, each_element,
// each_member, and find, which looks for a key from where the last one was found.
#pragma once

#include "families.hpp"

template <typename Peer> class Reader
{
  public:
    // Whether the keys are known to come in the documented order: then each is asked for, otherwise each member is looked at.
    Reader(Peer &peer, bool in_order) : peer(peer), in_order(in_order)
    {
    }

    template <typename Event> int run(const bench_text *bodies, size_t count, uint64_t *checksum)
    {
        uint64_t hash = 0;
        static Event event;
        for (size_t i = 0; i < count; i++) {
            if (!parse(bodies[i], event))
                return -1;
            hash = fold(hash, event);
            peer.release();
        }
        *checksum = hash;
        return 0;
    }

    // What is read lives until the peer's release.
    template <typename Event> bool parse(bench_text body, Event &event)
    {
        typename Peer::Value root;
        return peer.parse(body, root) && read(root, event);
    }

  private:
    using Value = typename Peer::Value;

    bool read(Value &value, std::string_view &slot)
    {
        return peer.text(value, slot);
    }
    bool read(Value &value, BooleanText &slot)
    {
        return peer.text(value, slot.text);
    }
    bool read(Value &value, int64_t &slot)
    {
        return peer.integer(value, slot);
    }
    bool read(Value &value, bool &slot)
    {
        return peer.boolean(value, slot);
    }

    template <typename Element> bool read(Value &value, List<Element> &list)
    {
        list.count = 0;
        return peer.each_element(value, [&](auto &&element) {
            return list.count < list.elements.size() && read(element, list.elements[list.count++]);
        });
    }

    template <typename Struct> bool read(Value &value, Struct &slots)
    {
        return in_order ? read_in_order(value, slots) : read_each_member(value, slots);
    }

    template <typename Struct> bool read_in_order(Value &value, Struct &slots)
    {
        typename Peer::Object object;
        if (!peer.object(value, object))
            return false;
        bool is_right = true;
        slots.fields([&](const auto &key, auto &slot) {
            Value member;
            is_right = is_right && peer.find(object, key, member) && read(member, slot);
        });
        return is_right;
    }

    template <typename Struct> bool read_each_member(Value &value, Struct &slots)
    {
        return peer.each_member(value, [&](std::string_view name, auto &&member) {
            bool is_found = false, is_right = true;
            slots.fields([&](const auto &key, auto &slot) {
                if (!is_found && name == key) {
                    is_found = true;
                    is_right = read(member, slot);
                }
            });
            return is_right;
        });
    }

    Peer &peer;
    bool in_order;
};

template <typename Peer>
int run_family(Peer &peer, bool in_order, int family, const bench_text *bodies, size_t count, uint64_t *checksum)
{
    Reader<Peer> reader(peer, in_order);
    switch (family) {
    case FAMILY_A:
        return reader.template run<FamilyA>(bodies, count, checksum);
    case FAMILY_B:
        return reader.template run<FamilyB>(bodies, count, checksum);
    case FAMILY_C:
        return reader.template run<FamilyC>(bodies, count, checksum);
    default:
        return reader.template run<FamilyD>(bodies, count, checksum);
    }
}
