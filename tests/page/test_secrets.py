"""No secret comes to the page."""

import re

from conftest import APP, ENTER, KEY, TOKEN
from playwright.sync_api import expect

# zlib's first bytes in base64, and what comes after them.
USERSIG = re.compile(r"eJ[\w*-]{60,}")


def test_nothing_that_the_page_is_told_shows_or_copies_holds_the_key_the_token_or_a_usersig(emulator, host, tab, open_page):
    told, streamed, responses = [], [], []

    def keep(response):
        responses.append(response)

    tab.on("response", keep)
    events = tab.context.new_cdp_session(tab)
    events.send("Network.enable")
    events.on("Network.eventSourceMessageReceived", lambda event: streamed.append(event["data"]))
    emulator.register(host)
    page = open_page()
    # As a client does that left out the question mark, and one with a UserSig for somebody else.
    usersig = emulator.run("usersig", "sign", "--identifier", "somebody").stdout.strip()
    assert USERSIG.fullmatch(usersig)
    for mark in "&?":
        query = f"sdkappid={APP}&identifier=administrator&usersig={usersig}&random=1&contenttype=json"
        page.request.post(f"{emulator.url}/v4/room_config/get_callback{mark}{query}", data="{}")
    assert emulator.run("trigger", "AfterMemberEnter").returncode == 0
    expect(page.locator("#deliveries tr")).to_have_count(1)
    for view in ("deliveries", "requests", "configurations"):
        page.evaluate("view => { location.hash = `view=${view}`; }", view)
        told.append(page.content())
    page.evaluate("command => { location.hash = `compose=${command}`; }", ENTER)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#compose-result")).to_contain_text("Right after")
    page.evaluate("() => { location.hash = 'view=deliveries'; }")
    page.locator("#deliveries a").first.click()
    page.get_by_role("button", name="Copy as curl").click()
    told += [page.content(), page.evaluate("navigator.clipboard.readText()")]
    assert told[-1].startswith("curl ")
    # The stream has no end, and was listened to above.
    told += [response.text() for response in responses if "/inspector/stream" not in response.url]
    tab.remove_listener("response", keep)
    events.detach()
    assert sum("get_callback" in text for text in streamed) == 3
    for text in told + streamed:
        assert KEY not in text and TOKEN not in text and not USERSIG.search(text), text
