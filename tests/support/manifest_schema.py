"""What Slack's schema of app manifests asks of the parts that jobmon uses, as facts.

https://github.com/slackapi/manifest-schema (major version 1), which is in no package registry: its
lengths and patterns are here. Keys, types and scopes are checked by Slack's own definition of a
manifest as well, that of its package `@slack/web-api` (`make messages`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Text:
    least: int = 0
    most: int = 10_000
    pattern: str = ""


@dataclass(frozen=True, kw_only=True)
class Flag:
    pass


@dataclass(frozen=True, kw_only=True)
class Number:
    pass


@dataclass(frozen=True, kw_only=True)
class Many:
    of: "Shape"
    least: int = 0
    most: int


@dataclass(frozen=True, kw_only=True)
class Closed:
    required: tuple[str, ...] = ()
    keys: Mapping[str, "Shape"] = field(default_factory=dict)


Shape = Text | Flag | Number | Many | Closed

HTTP = r"^https?:\/\/"
SCOPES = Many(of=Text(most=50), most=255)
EVENTS = Many(of=Text(most=50), most=100)

MANIFEST = Closed(
    required=("display_information",),
    keys={
        "_metadata": Closed(keys={"major_version": Number(), "minor_version": Number()}),
        "display_information": Closed(
            required=("name",),
            keys={
                "name": Text(least=1, most=35),
                "description": Text(least=1, most=140),
                "background_color": Text(
                    least=4, most=7, pattern=r"^#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?$"
                ),
                "long_description": Text(least=175, most=4000),
            },
        ),
        "features": Closed(
            keys={
                "app_home": Closed(
                    keys={
                        "home_tab_enabled": Flag(),
                        "messages_tab_enabled": Flag(),
                        "messages_tab_read_only_enabled": Flag(),
                    }
                ),
                "bot_user": Closed(
                    required=("display_name",),
                    keys={"display_name": Text(least=1, most=80), "always_online": Flag()},
                ),
                "slash_commands": Many(
                    least=1,
                    most=50,
                    of=Closed(
                        required=("command", "description"),
                        keys={
                            "command": Text(least=2, most=32, pattern=r"^\/"),
                            "url": Text(most=3000, pattern=HTTP),
                            "description": Text(least=1, most=2000),
                            "usage_hint": Text(least=1, most=1000),
                            "should_escape": Flag(),
                        },
                    ),
                ),
            }
        ),
        "oauth_config": Closed(
            keys={
                "redirect_urls": Many(of=Text(most=2500), most=1000),
                "scopes": Closed(
                    keys={"bot": SCOPES, "user": SCOPES, "bot_optional": SCOPES},
                ),
            }
        ),
        "settings": Closed(
            keys={
                "interactivity": Closed(
                    required=("is_enabled",),
                    keys={"is_enabled": Flag(), "request_url": Text(most=3500, pattern=HTTP)},
                ),
                "event_subscriptions": Closed(
                    keys={
                        "request_url": Text(most=3500, pattern=HTTP),
                        "bot_events": EVENTS,
                    }
                ),
                "org_deploy_enabled": Flag(),
                "socket_mode_enabled": Flag(),
                "token_rotation_enabled": Flag(),
            }
        ),
    },
)


def faults(value: object, shape: Shape = MANIFEST, where: str = "$") -> Iterator[str]:
    """Everything that the schema would refuse."""
    match shape, value:
        case (Flag(), bool()) | (Number(), int()):
            return
        case Text(), str():
            yield from _of_text(value, shape, where)
        case Many(), list():
            if not shape.least <= len(value) <= shape.most:
                yield f"{where}: {len(value)} items"
            for number, item in enumerate(value):
                yield from faults(item, shape.of, f"{where}[{number}]")
        case Closed(), dict():
            yield from _of_object(value, shape, where)
        case _:
            yield f"{where}: {type(value).__name__} is not {type(shape).__name__}"


def _of_text(value: str, shape: Text, where: str) -> Iterator[str]:
    if not shape.least <= len(value) <= shape.most:
        yield f"{where}: {len(value)} characters"
    if shape.pattern and not re.search(shape.pattern, value):
        yield f"{where}: {value!r} is not {shape.pattern}"


def _of_object(value: dict[str, object], shape: Closed, where: str) -> Iterator[str]:
    yield from (f"{where}.{key}: missing" for key in shape.required if key not in value)
    for key, item in value.items():
        if key in shape.keys:
            yield from faults(item, shape.keys[key], f"{where}.{key}")
        else:
            yield f"{where}.{key}: not known"
