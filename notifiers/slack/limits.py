"""Slack's limits, as it documents them, and the stricter ones we keep.

https://docs.slack.dev/reference/block-kit/blocks and .../block-kit/composition-objects.
"""

MAX_BLOCKS = 50
MAX_HEADER = 150
MAX_SECTION_TEXT = 3000
MAX_BUTTON_TEXT = 75
MAX_CONFIRM_TITLE = 100
MAX_CONFIRM_TEXT = 300
MAX_CONFIRM_BUTTON = 30
MAX_URL = 3000

# `chat.update` refuses a text over 4,000 characters that `chat.postMessage` takes.
MAX_TEXT = 3000

# `msg_blocks_too_long` is undocumented; it was seen from 11,341 characters upwards
# (https://github.com/slackapi/bolt-js/issues/2867). Bytes of JSON are counted here, which are
# never fewer than what Slack may count: characters, UTF-16 units or bytes.
BLOCKS_BUDGET = 9000
