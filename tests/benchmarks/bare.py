"""The least that a typed endpoint does with FastAPI: what the calls of Descent are measured against.

python -m tests.benchmarks.bare --port 8000
"""

import argparse

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel


class Small(BaseModel):
    step: int
    loss: float
    parameters: list[float]


class Asked(BaseModel):
    steps: int = 1
    from_step: int | None = None
    lineage: int | None = None
    max_points: int = 300


app = FastAPI()


@app.get("/sessions/{session_id}/trajectory")
async def trajectory(session_id: str, since: int = 0, lineage: int = 0) -> Small:
    """Reads a query."""
    return Small(step=since, loss=0.5, parameters=[1.0, 2.0])


@app.post("/sessions/{session_id}/step")
async def step(session_id: str, body: Asked) -> Small:
    """Reads a body."""
    return Small(step=body.steps, loss=0.5, parameters=[1.0, 2.0])


@app.get("/healthz")
async def health() -> None:
    """It is."""


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--store", help="it keeps nothing")
    uvicorn.run(app, port=parser.parse_args().port, access_log=False, log_level="warning")
