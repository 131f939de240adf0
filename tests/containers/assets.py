"""Everything a page needs, fetched as a browser would."""

import re

import httpx

LINKED = re.compile(r"""(?:src|href)="([^"#]+)\"""")
LEAST = 40  # style sheets, Plotly, an icon and every module


def links(client: httpx.Client) -> set[str]:
    html = client.get("/")
    assert html.status_code == 200
    return set(LINKED.findall(html.text))


def plotly_link(client: httpx.Client) -> str:
    (link,) = [link for link in links(client) if "plotly" in link and link.endswith(".min.js")]
    return link


def is_compressed(client: httpx.Client, times: int = 1) -> bool:
    """Whether Plotly comes compressed so many times in a row; that is work for a second or two after the start."""
    link = plotly_link(client)
    return all("content-encoding" in client.head(link).headers for _ in range(times))


def assert_page_is_complete(client: httpx.Client) -> None:
    """That all comes that the page links to, and Plotly as Descent compressed it."""
    replies = {link: client.get(link) for link in links(client)}
    assert {link: reply.status_code for link, reply in replies.items() if reply.status_code != 200} == {}
    assert len(replies) >= LEAST
    plotly = replies[plotly_link(client)]
    assert plotly.headers["content-encoding"] == "br"
    assert int(plotly.headers["content-length"]) < 1_500_000
    assert "Plotly" in plotly.text
