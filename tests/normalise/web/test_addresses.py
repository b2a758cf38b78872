"""Web addresses: which of them are public, and their parts as urllib gives them."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from ckanext.aivision.normalise.web import ip_addresses
from ckanext.aivision.normalise.web.addresses import fault, is_public, parts

PIECES = st.sampled_from(
    [
        *("http://", "https://", "HTTP://", "//", "/", "?", "#", ":", "@", "[", "]", "\t", "\n", " ", "é", "\\", ";"),
        "a.csv",
    ]
)


@given(st.lists(PIECES, max_size=8).map("".join))
@example("https://example.gov#a/b?c")
@example("https://example.gov?a/b#c")
@example("https:///a")
@example(" https://example.gov/a\n")
def test_an_address_has_the_parts_that_urllib_gives(url: str) -> None:
    try:
        expected = urlsplit(url)
    except ValueError:
        assert parts(url) is None
    else:
        assert parts(url) == (expected.path, expected.query)


@pytest.mark.parametrize("url", ["https://[example.gov/a", "http://]"])
def test_what_is_no_address_has_no_parts(url: str) -> None:
    assert parts(url) is None


PUBLIC = [
    "https://data.gov/a.csv",
    "HTTPS://Data.GOV/a.csv",
    "http://data.gov.uk",
    "ftp://ftp.cdc.gov/pub/a.zip",
    "https://data.gov:8443/a?b=c#d",
    "https://user@data.gov/a",
    " https://data.gov/a \n",
    "https://data.gov./a",
    "https://data.exampleton.gov/my file.csv",
    "https://data.example-county.gov/a",
    "https://example.gov/a",
    "https://localhost.gov/a",
    "https://testing.gov/test",
    "https://münchen.de/daten.csv",
    "https://xn--mnchen-3ya.de/daten.csv",
    "https://data.gov/%7B4A1C0B2D-0000-4C4C%7D",
    "https://maps.gov/item?id={4A1C0B2D-0000-4C4C}",
    "https://8.8.8.8/a.csv",
    "https://[2606:4700::1111]/a.csv",
    "https://doi.org/10.1000/182",
    "https://doi.org/doi:10.5067/ZDLBXTRFQ7U9",
    "https://data.gov/redacted-policies-v2",
    "https://dx.doi.org/10.5066/P9XXXX12",
    "https://doi.org/10.1002/(SICI)1099-1255(199605)11:3%3C313::AID%3E3.0.CO;2-B",
    "https://my_host.data.gov/a",
    "https://data.museum/a",
]
NOT_PUBLIC = [
    *("", "#", "/", "files/lamps.csv", "/files/lamps.csv", "//data.gov/a.csv", "www.data.gov", "data.gov/a.csv"),
    *("available on request", "See website", "N/A", "Contact: the data desk", "desk@data.gov", "mailto:desk@data.gov"),
    *(
        "javascript:void(0)",
        "data:text/csv,a",
        "file:///C:/data/a.csv",
        "dkan://file/7",
        "s3://bucket/a.csv",
        "about:blank",
    ),
    *(r"\\server\share\a.csv", r"C:\data\a.csv", "C:/data/a.csv", r"https:\\data.gov\a.csv", "urn:uuid:7", "tel:0113"),
    *(
        "http://",
        "https:///x.csv",
        "http:data.gov",
        "https://?a",
        "http://:80/",
        "https://data.gov:99999/a",
        "http://[x]/",
    ),
    *("http://localhost:8080/x.csv", "http://TBD", "http://gisserver/x.csv", "http://https://data.gov/a", "http://com"),
    *("http://127.0.0.1/a", "http://127.1/a", "http://2130706433/a", "http://0x7f000001/a", "http://0x7f.0.0.1/a"),
    *(
        "http://017700000001/a",
        "http://192.168.1.5/x",
        "http://10.0.0.1",
        "http://169.254.169.254/",
        "http://192.0.2.1/",
    ),
    *(
        "http://[::1]/a",
        "http://[fe80::1%25eth0]/a",
        "http://[fd00::1]/",
        "http://[2001:db8::1]/a",
        "http://[::ffff:10.0.0.1]/",
    ),
    *("http://0/", "http://255.255.255.255/", "http://198.51.100.7/a.csv", "http://203.0.113.9/", "http://1.2.3.4.5/a"),
    *("http://example.com/x.csv", "https://data.example.org./x", "https://EXAMPLE.net", "https://a.b.example/x"),
    *(
        "https://rivers.test/",
        "https://rivers.invalid",
        "https://app.localhost/x",
        "https://printer.local/x",
        "https://a.lan/x",
    ),
    *(
        "https://db.internal/a",
        "https://files.corp/a",
        "http://abc.onion/",
        "https://1.0.0.127.in-addr.arpa/",
        "https://a.home.arpa/",
    ),
    *(
        "https://doi.org/",
        "https://doi.org",
        "https://doi.org/10.xxxx/abc",
        "https://dx.doi.org/TBD",
        "https://doi.org/10.5066/",
    ),
    *(
        "https://doi.org/10.9999/nothing",
        "https://doi.org/10.1234/abc",
        "https://doi.org/10.5066/xxxx",
        "https://doi.org/10.5072/a",
    ),
    *(
        "https://data.gov/[REDACTED]",
        "[REDACTED]",
        "https://[REDACTED]/a",
        "https://data.gov/{{path}}",
        "https://${host}/a.csv",
    ),
    *("https://data.gov/{station}/a", "https://data.gov/<dataset id>", "https://www.xxx.gov/", "https://data.gov/xxxx"),
    *("https://data.gov/TBD", "https://www.yourdomain.com/a", "https://data.gov/%5BREDACTED%5D"),
    *(
        "https://data .gov/a",
        "https://-data.gov/",
        "https://data..gov/a",
        "https://a.1/x",
        "https://data.gov/a\nb",
        "ftp://server/a",
    ),
    "https://data.gov/a and https://data.gov/b",
    "https://data.gov/ is where the tables are that one may ask for by post or by telephone",
    "https://" + "a." * 200 + "gov",
    "https://data.gov/" + "a" * 9000,
]


@pytest.mark.parametrize("text", PUBLIC)
def test_an_address_on_the_public_internet_counts(text: str) -> None:
    assert fault(text) == ""
    assert is_public(text)


@pytest.mark.parametrize("text", NOT_PUBLIC)
def test_what_cannot_be_fetched_from_the_public_internet_does_not_count(text: str) -> None:
    assert fault(text)
    assert not is_public(text)


HOSTS = st.sampled_from(
    ["localhost", "gisserver", "10.1.2.3", "rivers.example", "example.com", "a.test", "[::1]", "", "xxx.gov"]
)


@given(st.sampled_from(["http", "https", "ftp", "HTTP"]), HOSTS, st.sampled_from(["", ":80"]), st.text(max_size=20))
def test_no_path_makes_a_host_public(scheme: str, host: str, port: str, path: str) -> None:
    assert fault(f"{scheme}://{host}{port}/{path}")


@pytest.mark.parametrize("text", [text for text in (*PUBLIC, *NOT_PUBLIC) if "://" in text])
def test_a_fragment_changes_nothing(text: str) -> None:
    """A plain address is read by a shorter way; the percent sign takes it the long way."""
    assert is_public(text) == is_public(f"{text.strip()}#%41")


@given(st.ip_addresses(v=4))
def test_an_ip_address_counts_if_it_is_public_in_whatever_form(ip: ipaddress.IPv4Address) -> None:
    forms = {f"http://{written}/" for written in (str(ip), str(int(ip)), hex(int(ip)))}
    assert {is_public(form) for form in forms} == {ip_addresses.is_public(ip)}


@given(st.text() | st.lists(PIECES, max_size=8).map("".join))
def test_any_text_is_an_address_or_has_a_reason_why_not(text: str) -> None:
    assert is_public(text) is not bool(fault(text))


@given(st.from_regex(r"[a-z]{3,10}(-[a-z]{2,5})?\.(gov|gov\.uk|org|com|scot)/[a-z0-9/]{0,20}\.csv", fullmatch=True))
def test_a_name_of_a_public_host_counts(rest: str) -> None:
    assume(not rest.startswith(("domain.com", "yourdomain.com", "yoursite.com", "example.com", "example.org", "xxx")))
    assume("/xxx" not in rest and not rest.startswith(("tbd.", "tba.", "tbc.", "todo.", "redacted.", "placeholder.")))
    assert fault(f"https://{rest}") == ""
