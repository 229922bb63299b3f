"""Requests to web servers: answered by a real one, never let into the private network, never without end."""

from __future__ import annotations

import dataclasses
import socket
import ssl
import threading
from pathlib import Path

import pytest
from flask import Flask

from hub.errors import SettingsError, TooLarge
from hub.outbound import web
from hub.outbound.addresses import is_public
from hub.outbound.targets import Refused, target
from hub.outbound.web import Client, Unreachable
from tests.fixtures import make_settings
from tests.servers.certificates import Certificate
from tests.servers.process import free_ports
from tests.servers.web import PUBLIC, Internet, Page, Site, serve


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.0.1",
        "100.64.0.1",  # carrier-grade NAT
        "100.100.100.200",  # Alibaba's metadata
        "169.254.169.254",  # everybody's metadata
        "168.63.129.16",  # Azure's
        "192.0.0.192",  # Oracle's
        "198.18.0.1",
        "203.0.113.7",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:a00:1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "fc00::1",
        "fd00:ec2::254",  # Amazon's metadata
        "ff02::1",
        "2001:db8::1",
        "2002:7f00:1::",  # 127.0.0.1 by 6to4
        "2001:0:0:0:0:0:80ff:fffe",  # 127.0.0.1 by Teredo
        "64:ff9b::7f00:1",  # 127.0.0.1 by NAT64
        "64:ff9b:1::1",
        "localhost",
        "",
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", [PUBLIC, "1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1"]
)
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(address)


def test_a_page_is_asked_for_at_the_address_that_was_checked(internet: Internet) -> None:
    internet.site.pages["/caf%C3%A9?q=%20x"] = Page(body=b"here")
    answer = internet.client().ask(
        "https://user:pass@a.example:80/café?q= x#there".replace("https", "http"), most=10
    )
    assert (answer.status, answer.body, answer.moved) == (200, b"here", False)
    assert answer.url == "http://a.example/caf%C3%A9?q=%20x"
    assert internet.called == [(PUBLIC, 80)]
    assert internet.site.asked == [("GET", "a.example", "/caf%C3%A9?q=%20x")]


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "2130706433",  # the same, in decimal
        "0177.0.0.1",  # in octal
        "0x7f.1",  # in hexadecimal
        "127.1",
        "0",
        "１２７.0.0.1",  # in wide digits
        "localhost",
        "LOCALHOST.",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::]",
        "a.example@127.0.0.1",
        "169.254.169.254",
    ],
)
def test_the_machine_itself_is_not_called_however_it_is_written(host: str, site: Site) -> None:
    with pytest.raises(Refused, match="private network"):
        Client().ask(f"http://{host}:{site.port}/")
    assert site.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "",
        "a.example",
        "ftp://a.example/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_FLUSHALL",
        "javascript:alert(1)",
        "http://",
        "http:///etc/passwd",
        "http://a.example:0/",
        "http://a.example:99999/",
        "http://[::1/",
        "http://a.example\\@127.0.0.1/",
        "http://a\u2028.example/",
        "http://a.example/" + "x" * 5_000,
    ],
)
def test_what_is_no_web_address_is_refused(url: str, internet: Internet) -> None:
    with pytest.raises(Refused):
        internet.client().ask(url)
    assert internet.called == []


def test_no_line_break_reaches_the_request(internet: Internet) -> None:
    internet.client().ask("http://a.example/x\r\nHost: evil\r\n\r\nGET /y")
    internet.client().ask("http://a.example/x%0d%0aHost: evil")
    assert [path for _, _, path in internet.site.asked] == ["/xHost:%20evilGET%20/y", "/x%0d%0aHost:%20evil"]
    assert {host for _, host, _ in internet.site.asked} == {"a.example"}


def test_a_name_that_changes_after_it_was_checked_changes_nothing(internet: Internet) -> None:
    internet.site.pages["/"] = Page()
    internet.names["rebinding.example"] = [[PUBLIC], ["127.0.0.1"]]
    assert internet.client().ask("http://rebinding.example/").status == 200
    assert internet.called == [(PUBLIC, 80)]
    with pytest.raises(Refused, match="private network"):
        internet.client().ask("http://rebinding.example/")


def test_a_name_with_one_private_address_among_others_is_refused(internet: Internet) -> None:
    internet.names["mixed.example"] = [[PUBLIC, "10.0.0.1"]]
    with pytest.raises(Refused, match=r"“mixed\.example” is in a private network"):
        internet.client().ask("http://mixed.example/")
    assert internet.called == []


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1/",
        "//127.0.0.1/",
        "http://inside.example/",
        "http://[::ffff:10.0.0.1]/x",
        "http://0x7f000001/",
    ],
)
def test_a_redirect_into_the_private_network_is_not_followed(location: str, internet: Internet) -> None:
    internet.site.pages["/"] = Page(302, {"Location": location})
    internet.names |= {"inside.example": [["192.168.1.1"]], "0x7f000001": [["127.0.0.1"]]}
    with pytest.raises(Refused, match="private network"):
        internet.client().ask("http://a.example/")
    assert internet.called == [(PUBLIC, 80)]


@pytest.mark.parametrize(
    "location", ["ftp://b.example/", "file:///etc/passwd", "http://[", "mailto:a@b.example"]
)
def test_a_redirect_to_what_is_no_web_server_is_not_followed(location: str, internet: Internet) -> None:
    internet.site.pages["/"] = Page(301, {"Location": location})
    with pytest.raises(Refused, match="no web address"):
        internet.client().ask("http://a.example/")


def test_redirects_are_followed_and_told_for_good_only_if_all_are(internet: Internet) -> None:
    pages = internet.site.pages
    pages["/old"] = Page(301, {"Location": "/older"})
    pages["/older"] = Page(308, {"Location": "http://b.example/näu".encode().decode("latin-1")})
    pages["/for-now"] = Page(302, {"Location": "/old"})
    pages["/old-for-now"] = Page(301, {"Location": "/for-now"})
    pages["/n%C3%A4u"] = Page()
    for path, moved in (("/old", True), ("/for-now", False), ("/old-for-now", False)):
        answer = internet.client().ask(f"http://a.example{path}", method="HEAD")
        assert (answer.status, answer.url, answer.moved) == (200, "http://b.example/n%C3%A4u", moved)
    assert {method for method, _, _ in internet.site.asked} == {"HEAD"}


def test_redirects_in_a_circle_end(internet: Internet) -> None:
    internet.site.pages["/"] = Page(302, {"Location": "/"})
    with pytest.raises(Unreachable, match="more than 5 times"):
        internet.client().ask("http://a.example/")
    assert len(internet.site.asked) == 6


def test_a_redirect_that_leads_nowhere_is_an_answer(internet: Internet) -> None:
    internet.site.pages["/"] = Page(302)
    assert internet.client().ask("http://a.example/").status == 302


@pytest.mark.parametrize("port", [22, 25, 379, 995])
def test_ports_of_other_services_are_not_called(port: int, internet: Internet) -> None:
    with pytest.raises(Refused, match=f"port {port}"):
        internet.client().ask(f"http://a.example:{port}/")
    assert internet.called == []


def test_a_body_beyond_the_limit_is_not_read(internet: Internet) -> None:
    internet.site.pages["/"] = Page(body=b"x" * 101)
    with pytest.raises(TooLarge, match="more than 100 bytes"):
        internet.client().ask("http://a.example/", most=100)
    assert internet.client().ask("http://a.example/", most=101).body == b"x" * 101
    internet.site.pages["/huge"] = Page(headers={"Content-Length": str(1 << 50)})
    assert internet.client().ask("http://a.example/huge").body == b""  # said to be huge, and left alone


def test_a_body_that_breaks_off_is_not_taken_for_whole(internet: Internet) -> None:
    internet.site.pages["/"] = Page(body=b"half", headers={"Content-Length": "8", "Connection": "close"})
    with pytest.raises(Unreachable, match="broke off"):
        internet.client().ask("http://a.example/", most=100)


def test_a_server_that_sends_a_byte_at_a_time_is_cut_off(internet: Internet) -> None:
    over = threading.Event()
    internet.site.pages["/"] = Page(hold=over)
    with pytest.raises(Unreachable, match=r"“a\.example” did not answer in time"):
        internet.client(patience=0.2).ask("http://a.example/")
    over.set()


def test_a_name_server_that_never_answers_is_not_waited_for() -> None:
    over = threading.Event()

    def never(host: str, port: int) -> list[str]:
        over.wait(120)
        return []

    with pytest.raises(Unreachable, match="in time"):
        Client(patience=0.1, resolve=never).ask("http://a.example/")
    over.set()


def test_what_does_not_answer_is_told_in_words(internet: Internet) -> None:
    internet.names |= {"nowhere.example": [[]]}
    with pytest.raises(Unreachable, match=r"The name “nowhere\.example” cannot be found"):
        internet.client().ask("http://nowhere.example/")
    with pytest.raises(Unreachable, match=r"cannot be found"):
        Client().ask(f"http://{'a' * 64}.example/")
    with pytest.raises(Unreachable, match="Nothing answers"):
        Client(["127.0.0.1"]).ask(f"http://127.0.0.1:{free_ports(1)[0]}/")
    with socket.create_server(("127.0.0.1", 0)) as other:

        def greet() -> None:
            with other.accept()[0] as caller:
                caller.sendall(b"220 mail.example ESMTP\r\n")

        threading.Thread(target=greet, daemon=True).start()
        with pytest.raises(Unreachable, match="not HTTP"):
            Client(["127.0.0.1"]).ask(f"http://127.0.0.1:{other.getsockname()[1]}/")


def test_the_second_address_is_tried_when_the_first_does_not_answer(internet: Internet) -> None:
    internet.site.pages["/"] = Page()
    internet.names["two.example"] = [["1.1.1.1", PUBLIC]]

    def connect(address: str, port: int, patience: float) -> socket.socket:
        if address == "1.1.1.1":
            raise ConnectionRefusedError
        return internet.connect(address, port, patience)

    client = dataclasses.replace(internet.client(), connect=connect)
    assert client.ask("http://two.example/").status == 200


def test_allowed_hosts_may_be_anywhere(site: Site) -> None:
    site.pages["/"] = Page()
    assert Client(["127.0.0.1"]).ask(f"{site.url}/").status == 200
    below = dataclasses.replace(Client([".intra.example"]), resolve=lambda host, port: ["127.0.0.1"])
    assert below.ask(f"http://wiki.intra.example:{site.port}/").status == 200
    for other in ("intra.example", "wiki-intra.example", "other.example"):
        with pytest.raises(Refused):
            below.ask(f"http://{other}:{site.port}/")


def test_certificates_are_checked_for_the_name_that_was_asked(tmp_path: Path) -> None:
    made = Certificate.make(tmp_path, "a.example")
    site = Site(pages={"/": Page()})
    server = serve(site, made.context())
    try:
        internet = Internet(site, {"a.example": [[PUBLIC]], "b.example": [[PUBLIC]]})
        trusting = dataclasses.replace(
            internet.client(), context=ssl.create_default_context(cafile=str(made.path))
        )
        assert trusting.ask("https://a.example/").status == 200
        with pytest.raises(Unreachable, match=r"certificate of “b\.example” is not valid.*[Hh]ostname"):
            trusting.ask("https://b.example/")
        with pytest.raises(Unreachable, match="is not valid: self"):
            internet.client().ask("https://a.example/")
        with pytest.raises(Unreachable):
            internet.client().ask(f"http://a.example:{site.port}/")
    finally:
        server.shutdown()
        server.server_close()


def test_the_app_has_a_client_with_the_hosts_of_the_setting(app: Flask, tmp_path: Path) -> None:
    assert web.client().allowed == ()
    found = make_settings(tmp_path, HUB_FETCH_HOSTS="wiki.example, .Bücher.example,[fd00::1]")
    assert found.fetch_hosts == ("wiki.example", ".xn--bcher-kva.example", "fd00::1")
    with pytest.raises(SettingsError, match="HUB_FETCH_HOSTS"):
        make_settings(tmp_path, HUB_FETCH_HOSTS="wiki.example/x")


def test_an_address_is_given_back_as_it_is_called() -> None:
    assert target("HTTPS://Bücher.Example:443?a=1#x").url == "https://xn--bcher-kva.example/?a=1"
    assert target("http://[2001:db8::1]:8080/a b").url == "http://[2001:db8::1]:8080/a%20b"
