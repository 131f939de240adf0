"""The one place where a request's body is read: as JSON, and never more of it than allowed."""

from starlette.requests import Request

from app.errors import BodyTooLarge, NotJson


async def read_json_bytes(request: Request, most_bytes: int) -> bytes:
    """The raw body of a request that says it is JSON; NotJson (415), BodyTooLarge (413)."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise NotJson
    return await read_bytes(request, most_bytes)


async def read_bytes(request: Request, most_bytes: int) -> bytes:
    """The raw body; BodyTooLarge (413) by its declared length, else as soon as more than `most_bytes` have come."""
    declared = request.headers.get("content-length", "0")
    if len(declared) > 15 or (declared.isdecimal() and int(declared) > most_bytes):
        raise BodyTooLarge(most_bytes)
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > most_bytes:
            raise BodyTooLarge(most_bytes)
        chunks.append(chunk)
    return b"".join(chunks)
