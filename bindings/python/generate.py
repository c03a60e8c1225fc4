"""Writes src/tc_callback/{_header,words,payloads}.py from include/tc_callback.h.

python generate.py            write them
python generate.py --check    say whether they are up to date
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
HEADER = HERE.parent.parent / "include" / "tc_callback.h"
PACKAGE = HERE / "src" / "tc_callback"

# What an event is made of, and what it is called in Python.
RECORDS = {
    "tc_room_info": "RoomInfo",
    "tc_room_members": "RoomMembers",
    "tc_seat": "Seat",
    "tc_room_seats": "RoomSeats",
    "tc_call_user": "CallUser",
    "tc_call_start": "CallStart",
    "tc_call_end": "CallEnd",
    "tc_call_change": "CallChange",
    "tc_call_members": "CallMembers",
    "tc_call_record": "CallRecord",
    "tc_event": "EventFields",
}
# Enums whose enumerators do not begin with the enum's own name.
PREFIXES = {"tc_status_code": "TC_ERROR_", "tc_command": "TC_", "tc_settlement": "TC_"}
# event.json() gives Python's own kinds of value, and records are classes.
SKIPPED_ENUMS = {"tc_json_kind", "tc_record_kind"}
PLAIN_TYPES = {
    "int32_t": "c_int32",
    "tc_status": "c_int32",
    "uint32_t": "c_uint32",
    "int64_t": "c_int64",
    "uint64_t": "c_uint64",
    "size_t": "c_size_t",
    "ptrdiff_t": "c_ssize_t",
}


def python_name(name: str) -> str:
    return "".join(part.title() for part in name.split("_"))


@dataclass
class Field:
    type: str
    name: str
    comment: str


@dataclass
class Struct:
    name: str
    comment: str
    fields: list[Field]


@dataclass
class Enum:
    name: str
    comment: str
    members: list[tuple[str, int, str]]

    @property
    def prefix(self) -> str:
        return PREFIXES.get(self.name, self.name.upper() + "_")

    @property
    def python_name(self) -> str:
        return python_name(self.name.removeprefix("tc_").removesuffix("_code"))


@dataclass
class Function:
    name: str
    result: str
    parameters: list[tuple[str, str]]


@dataclass
class Header:
    constants: dict[str, int]
    version: str
    enums: list[Enum]
    structs: list[Struct]
    function_types: list[Function]
    functions: list[Function]


def comment(lines: str) -> str:
    return " ".join(line.strip().removeprefix("//").strip() for line in lines.strip().splitlines())


def declaration(text: str) -> tuple[str, str]:
    """A type and a name, such as `const char *` and `url`."""
    if "(*" in text:
        return "void *", text.partition("(*")[2].partition(")")[0]
    found = re.fullmatch(r"(.*?)(\w+)", " ".join(text.split()))
    assert found, text
    return found[1].replace("struct ", "").strip(), found[2]


def read_enum(lines: str, name: str, body: str) -> Enum:
    members = re.findall(r"((?:  //.*\n)*)  (TC_\w+) = (\d+),\n", body)
    return Enum(name, comment(lines), [(member, int(value), comment(text)) for text, member, value in members])


def read_struct(lines: str, name: str, body: str) -> Struct:
    fields = [Field(*declaration(field), comment(text)) for text, field in re.findall(r"((?:  //.*\n)*)  (\S.*);\n", body)]
    return Struct(name, comment(lines), fields)


def read_function(kind: str, name: str, parameters: str) -> Function:
    listed = [] if parameters == "void" else [declaration(parameter) for parameter in parameters.split(",")]
    return Function(name, kind.strip(), listed)


def read_header() -> Header:
    text = HEADER.read_text("utf-8")
    numbers = {"TC_ABSENT": -(2**63)}
    for name in ("TC_NOT_SENT", "TC_ABI_VERSION", "TC_DUPLICATE_KEY_SIZE", "TC_FACTORY_OFFSET"):
        numbers[name] = int(re.search(rf"#define {name} (-?\d+)", text)[1])
    block = r"((?://.*\n)*)typedef {} (\w+) \{{\n((?:.*\n)*?)\}} \2;"
    enums = [read_enum(*found) for found in re.findall(block.format("enum"), text)]
    structs = [read_struct(*found) for found in re.findall(block.format("struct"), text)]
    prototypes = text[text.index('extern "C" {') :]
    functions = re.findall(r"^([a-z][\w *]*?tc_\w+)\(([^)]*)\);", prototypes, re.MULTILINE)
    return Header(
        constants=numbers,
        version=re.search(r'#define TC_VERSION_STRING "(.*)"', text)[1],
        enums=enums,
        structs=structs,
        function_types=[read_function(*found) for found in re.findall(r"typedef (\w+ )\(\*(\w+_fn)\)\(([^)]*)\)", text)],
        functions=[read_function(*declaration(result), parameters) for result, parameters in functions],
    )


def ctype(kind: str, filled_by_caller: set[str]) -> str:
    plain = kind.removeprefix("const ")
    if plain in PLAIN_TYPES:
        return PLAIN_TYPES[plain]
    if plain in ("char *", "uint8_t *"):
        return "c_char_p"
    if plain in ("char *const *", "char **"):
        return "POINTER(c_char_p)"
    if plain.endswith("_fn"):
        return plain
    if plain.removesuffix(" *") in filled_by_caller:
        return f"POINTER({plain.removesuffix(' *')})"
    assert plain.endswith("*"), kind
    return "POINTER(c_void_p)" if plain.endswith("**") else "c_void_p"


def member_type(struct: Struct, kind: str) -> str:
    # Bytes that the caller points at; what the library points at has a length and stays where it is.
    if kind == "const char *" and struct.fields[0].name == "struct_size":
        return "c_char_p"
    return kind if kind == "tc_str" else PLAIN_TYPES.get(kind, "c_void_p")


BANNER = "# Generated by generate.py from include/tc_callback.h: `python generate.py` writes it anew.\n"


def header_module(header: Header) -> str:
    filled = {struct.name for struct in header.structs if struct.fields[0].name == "struct_size"}
    out = ['"""The C ABI as ctypes sees it."""\n\n', BANNER, "# ruff: noqa: N801\n\n"]
    out.append("from __future__ import annotations\n\n")
    out.append("from ctypes import (\n    CFUNCTYPE,\n    POINTER,\n    Structure,\n")
    out += [
        f"    {name},\n" for name in ("c_char_p", "c_int32", "c_int64", "c_size_t", "c_ssize_t", "c_uint32", "c_uint64", "c_void_p")
    ]
    out.append(")\n\nTYPE_CHECKING = False\nif TYPE_CHECKING:\n    from typing import Any\n\n")
    out.append(f'TC_VERSION_STRING = "{header.version}"\n')
    out += [f"{name} = {value}\n" for name, value in header.constants.items()]
    for function in header.function_types:
        parameters = "".join(f", {ctype(kind, filled)}" for kind, _ in function.parameters)
        out.append(f"\n{function.name} = CFUNCTYPE(None{parameters})\n")
    for struct in header.structs:
        if struct.name in RECORDS and struct.name != "tc_event":
            continue
        out.append(f"\n\nclass {struct.name}(Structure):\n    _fields_ = [\n")
        out += [f'        ("{field.name}", {member_type(struct, field.type)}),\n' for field in struct.fields]
        out.append("    ]\n")
    out.append("\n\nFUNCTIONS: dict[str, tuple[Any, list[Any]]] = {\n")
    for function in header.functions:
        result = "None" if function.result == "void" else ctype(function.result, filled)
        parameters = ", ".join(ctype(kind, filled) for kind, _ in function.parameters)
        out.append(f'    "{function.name}": ({result}, [{parameters}]),\n')
    out.append("}\n")
    return "".join(out)


def words_module(header: Header) -> str:
    out = ['"""The words of the protocol as numbers."""\n\n', BANNER]
    out.append("\nfrom __future__ import annotations\n\nfrom enum import IntEnum\n\nfrom ._word import Word\n")
    enums = [enum for enum in header.enums if enum.name not in SKIPPED_ENUMS]
    out.append("\n__all__ = [\n" + "".join(f'    "{name}",\n' for name in sorted(enum.python_name for enum in enums)) + "]\n")
    for enum in enums:
        names = [
            (name.removeprefix(enum.prefix).removeprefix("TC_").removeprefix("COMMAND_"), value, text)
            for name, value, text in enum.members
        ]
        base = "Word" if any(value == 0 and name == "UNKNOWN" for name, value, _ in names) else "IntEnum"
        out.append(f'\n\nclass {enum.python_name}({base}):\n    """{enum.comment}\n\n')
        out += [f"    {name}: {text}\n" for name, _, text in names]
        out.append('    """\n\n')
        out += [f"    {name} = {value}\n" for name, value, _ in names]
    return "".join(out)


def enum_of(field: Field, enums: list[Enum]) -> Enum | None:
    """The enum that a number's comment names, such as TC_ROOM_TYPE_*."""
    if field.type not in ("int32_t", "int64_t"):
        return None
    tokens = re.findall(r"TC_[A-Z_]+", field.comment)
    named = [enum for enum in enums for token in tokens if token.startswith(enum.name.upper() + "_")]
    return max(named, key=lambda enum: len(enum.name), default=None)


# The first item of an event's tuple is its payload.
PLACES_BEFORE = {"tc_event": 1}


def places_of(struct: Struct) -> dict[str, int]:
    """The place of each field in the tuple: a list and its count have one, the event's size and its pointers to payloads none."""
    names = [
        field.name
        for field, before in zip(struct.fields, [None, *struct.fields])
        if field.name != "block_size" and not (before and is_list(before)) and (is_list(field) or not field.type.endswith("*"))
    ]
    return {name: place for place, name in enumerate(names, PLACES_BEFORE.get(struct.name, 0))}


def is_list(field: Field) -> bool:
    return field.type == "const tc_str *" or field.type.endswith("*const *")


def record_fields(struct: Struct, enums: list[Enum]) -> list[tuple[str, str, str]]:
    """Name, descriptor and comment of each attribute."""
    found: list[tuple[str, str, str]] = []
    times: dict[str, tuple[str, int, str]] = {}
    places = places_of(struct)
    for field in struct.fields:
        if field.name not in places and not field.type.endswith("*"):
            continue
        pointee = field.type.removeprefix("const ").split(" ")[0]
        if field.name not in places:
            found.append((field.name, f"Pointer({RECORDS[pointee]})", field.comment))
            continue
        place = places[field.name]
        enum = enum_of(field, enums)
        if field.type == "const tc_str *":
            descriptor = f"Texts({place})"
        elif field.type.endswith("*"):
            descriptor = f"Records({place}, {RECORDS[pointee]})"
        elif field.name == "body":
            descriptor = f"Raw({place})"
        elif field.type == "tc_str":
            descriptor = f"Text({place})"
        elif enum is not None:
            descriptor = f"Enumerated({place}, {enum.python_name}, {places.get(field.name + '_word')})"
        elif field.type == "int32_t":
            descriptor = f"Boolean({place})"
        elif field.type == "int64_t":
            descriptor = f"Integer({place})"
            unit = re.fullmatch(r"(\w+)_(s|ms)", field.name)
            if (unit and "1970" in field.comment + struct.comment) or (unit and unit[1] in times):
                times[unit[1]] = (field.name, place, unit[2])
        else:
            descriptor = f"Unsigned({place})"
        found.append((field.name, descriptor, field.comment))
    for name, (source, place, unit) in times.items():
        ticks = 1 if unit == "s" else 1000
        found.append((name, f'Time({place}, {ticks}, "{source}")', ""))
    return found


def in_python(text: str, names: dict[str, str]) -> str:
    """A comment of the header in the words of Python."""
    text = re.sub(r"(?:: )?1, 0, or TC_NOT_SENT", "", text)
    text = re.sub(r"TC_NOT_SENT|TC_ABSENT|(?<=otherwise )NULL", "None", text)
    text = re.sub(r"TC_([A-Z_]+)_\*(?!_)", lambda found: "One of " + python_name(found[1].lower()), text)
    text = re.sub(r"TC_[A-Z_]+[A-Z]", lambda found: names.get(found[0], found[0].removeprefix("TC_")), text)
    text = text.replace("TC_", "").replace("`tc_event_json`", "`json()`")
    return text.replace("  <", " <").replace('"', "'")


def payloads_module(header: Header) -> str:
    structs = [struct for struct in header.structs if struct.name in RECORDS]
    names = {
        member: f"{enum.python_name}.{member.removeprefix(enum.prefix).removeprefix('TC_').removeprefix('COMMAND_')}"
        for enum in header.enums
        for member, _, _ in enum.members
    }
    body = []
    for struct in structs:
        about = "Fields of every event." if struct.name == "tc_event" else in_python(struct.comment, names)
        body.append(f'\n\nclass {RECORDS[struct.name]}(Record):\n    """{about}"""\n\n    __slots__ = ()\n\n')
        for name, descriptor, text in record_fields(struct, header.enums):
            kind, _, rest = descriptor.partition("(")
            doc = f', "{in_python(text, names)}"' if text else ""
            body.append(f"    {name} = {kind}({rest.removesuffix(')')}{doc})\n")
    text = "".join(body)
    used = [
        name
        for name in (
            "Boolean",
            "Enumerated",
            "Integer",
            "Pointer",
            "Raw",
            "Record",
            "Records",
            "Text",
            "Texts",
            "Time",
            "Unsigned",
        )
        if f"{name}(" in text
    ]
    enums = sorted(enum.python_name for enum in header.enums if re.search(rf", {enum.python_name},", text))
    out = ['"""What events carry. Every attribute is None when it was not sent."""\n\n', BANNER]
    out.append("\nfrom __future__ import annotations\n\n")
    out.append("from ._record import (\n" + "".join(f"    {name},\n" for name in sorted({*used, "Record"})) + ")\n")
    out.append("from .words import (\n" + "".join(f"    {name},\n" for name in enums) + ")\n")
    out.append(
        "\n__all__ = [\n" + "".join(f'    "{name}",\n' for name in sorted(RECORDS.values()) if name != "EventFields") + "]\n"
    )
    (kinds,) = [enum for enum in header.enums if enum.name == "tc_record_kind"]
    structs_in_order = ["tc_" + name.removeprefix("TC_RECORD_KIND_").lower() for name, _, _ in kinds.members]
    text += "\n\n# As TC_RECORD_KIND_* numbers them.\nRECORD_KINDS: list[type[Record]] = [\n"
    text += "".join(f"    {RECORDS[struct]},\n" for struct in structs_in_order) + "]\n"
    return "".join(out) + text


def modules() -> dict[Path, str]:
    header = read_header()
    return {
        PACKAGE / "_header.py": header_module(header),
        PACKAGE / "words.py": words_module(header),
        PACKAGE / "payloads.py": payloads_module(header),
    }


def main() -> int:
    stale = [path for path, text in modules().items() if not path.exists() or path.read_text("utf-8") != text]
    if "--check" in sys.argv:
        for path in stale:
            print(f"{path.name} is not what the header says: run {Path(__file__).name}")
        return 1 if stale else 0
    for path, text in modules().items():
        path.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
