"""`aivision mcp`: answer language models, from a catalogue or from harvests."""

from __future__ import annotations

from pathlib import Path

import click

from ckanext.aivision.cli.options.extras import need
from ckanext.aivision.cli.options.source import allow_host_option
from ckanext.aivision.errors import UsageError


@click.command()
@click.argument("places", metavar="URL|DIR...", nargs=-1, required=True)
@click.option("--http", "over_http", is_flag=True, help="Serve streamable HTTP at /mcp, instead of standard input.")
@click.option("--host", default="127.0.0.1", show_default=True, help="With --http: the address to listen on.")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8765, show_default=True, help="With --http: the port to listen on."
)
@allow_host_option
def mcp(places: tuple[str, ...], over_http: bool, host: str, port: int, allow_host: tuple[str, ...]) -> None:
    """Answer language models over the Model Context Protocol: search, evaluations, comparison, criteria, drafts.

    URL is the address of a catalogue with this extension; DIR was written by `aivision harvest SOURCE --into DIR`.
    Nothing can be changed through it. There is no log-in: with --http, listen on other addresses than 127.0.0.1 only
    behind a proxy that checks who asks.
    """
    need("`aivision mcp`", "mcp")
    from ckanext.aivision.mcp_server.directory_place import DirectoryPlace
    from ckanext.aivision.mcp_server.instance_place import InstancePlace
    from ckanext.aivision.mcp_server.place import Place
    from ckanext.aivision.mcp_server.server import build_server

    addresses = [place for place in places if "://" in place]
    if addresses and len(places) > 1:
        raise UsageError("use one address, or one or more directories")
    place: Place = (
        InstancePlace(addresses[0], allow_host) if addresses else DirectoryPlace([Path(one) for one in places])
    )
    server = build_server(place)
    if over_http:
        click.echo(f"Listening at http://{host}:{port}/mcp; Ctrl-C stops it", err=True)
        server.run("streamable-http", host=host, port=port, stateless_http=True)
    else:
        server.run("stdio")
