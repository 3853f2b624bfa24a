"""Graphiti on FalkorDB: a graph a group, and models that are asked through the proxy of the environment."""

import asyncio
import os
import ssl
from datetime import UTC, datetime
from functools import cached_property

# Before the first import of graphiti_core, whatever the environment says. posthog is not among the packages either.
os.environ["GRAPHITI_TELEMETRY_ENABLED"] = "false"

import certifi  # noqa: E402
import httpx  # noqa: E402
from falkordb.asyncio import FalkorDB  # noqa: E402
from graphiti_core import Graphiti  # noqa: E402
from graphiti_core.cross_encoder.openai_reranker_client import OpenAIRerankerClient  # noqa: E402
from graphiti_core.driver.falkordb_driver import FalkorDriver  # noqa: E402
from graphiti_core.edges import EntityEdge  # noqa: E402
from graphiti_core.embedder.openai import OpenAIEmbedder, OpenAIEmbedderConfig  # noqa: E402
from graphiti_core.llm_client import LLMConfig, OpenAIClient  # noqa: E402
from graphiti_core.nodes import EpisodeType, EpisodicNode  # noqa: E402
from graphiti_core.search.search_config_recipes import (  # noqa: E402
    EDGE_HYBRID_SEARCH_NODE_DISTANCE,
    EDGE_HYBRID_SEARCH_RRF,
)
from openai import AsyncOpenAI  # noqa: E402
from settings import Database, Models, Settings, read_secret  # noqa: E402

CALL_SECONDS = 60
CONNECT_SECONDS = 5
PING_SECONDS = 2


class Memory:
    """
    The library binds a Graphiti to the graph that it last wrote to, so that a search that runs meanwhile can read from
    another group's (0.29.3, `add_episode`). Hence one Graphiti a group; they share connections and models.
    """

    def __init__(self, settings: Settings) -> None:
        self._database = settings.database
        self._password = read_secret(settings.database.password_file)
        self._models = models(settings.models)
        self._groups: dict[str, Graphiti] = {}
        self._opening = asyncio.Lock()

    async def add(self, group: str, name: str, text: str, source: str, at: datetime) -> None:
        graphiti = await self._opened(group)
        await graphiti.add_episode(
            name=name,
            episode_body=text,
            source=EpisodeType.message,
            source_description=source,
            reference_time=at,
            group_id=group,
        )

    async def search(self, groups: list[str], query: str, most: int, near: str | None = None) -> list[EntityEdge]:
        recipe = EDGE_HYBRID_SEARCH_RRF if near is None else EDGE_HYBRID_SEARCH_NODE_DISTANCE
        config = recipe.model_copy(update={"limit": most})
        facts: list[EntityEdge] = []
        for group in await self._known(groups):
            graphiti = await self._opened(group)
            found = await graphiti.search_(query, config=config, group_ids=[group], center_node_uuid=near)
            facts.extend(found.edges)
        return facts[:most]

    async def episodes(self, group: str, last: int) -> list[EpisodicNode]:
        if not await self._known([group]):
            return []
        graphiti = await self._opened(group)
        return await graphiti.retrieve_episodes(datetime.now(UTC), last_n=last, group_ids=[group])

    async def forget(self, group: str) -> bool:
        if not await self._known([group]):
            return False
        async with self._opening:
            self._groups.pop(group, None)
            await self._client.select_graph(group).delete()
        return True

    async def ping(self) -> None:
        """Logs in, and asks the module: Redis answers `PING` without it."""
        async with asyncio.timeout(PING_SECONDS):
            await self._graphs()

    async def _graphs(self) -> list[str]:
        if "_client" not in self.__dict__:
            # The first use asks the database, and does so without leaving the loop to others.
            await asyncio.to_thread(lambda: self._client)
        return await self._client.list_graphs()

    async def _known(self, groups: list[str]) -> list[str]:
        """Those that have a graph: to search in one that is not there would make it."""
        graphs = await self._graphs()
        return [group for group in dict.fromkeys(groups) if group in graphs]

    async def _opened(self, group: str) -> Graphiti:
        await self._graphs()
        async with self._opening:
            if group not in self._groups:
                # In a thread without a loop: with one, the driver begins to make its indexes and nobody waits for it.
                driver = await asyncio.to_thread(FalkorDriver, falkor_db=self._client, database=group)
                await driver.build_indices_and_constraints()
                self._groups[group] = Graphiti(graph_driver=driver, **self._models)
            return self._groups[group]

    @cached_property
    def _client(self) -> FalkorDB:
        return connect(self._database, self._password)


def connect(database: Database, password: str) -> FalkorDB:
    return FalkorDB(
        host=database.host,
        port=database.port,
        username=database.user,
        password=password,
        socket_connect_timeout=CONNECT_SECONDS,
        socket_timeout=CALL_SECONDS,
    )


def models(settings: Models) -> dict[str, object]:
    """Every call goes to the models of the settings: the library would choose two more by itself."""
    trust = ssl.create_default_context(cafile=settings.ca_file or certifi.where())
    client = AsyncOpenAI(
        api_key=read_secret(settings.key_file),
        base_url=settings.url,
        timeout=CALL_SECONDS,
        http_client=httpx.AsyncClient(verify=trust, timeout=CALL_SECONDS),
    )
    config = LLMConfig(model=settings.extraction, small_model=settings.extraction)
    return {
        "llm_client": OpenAIClient(config, client=client),
        "embedder": OpenAIEmbedder(OpenAIEmbedderConfig(embedding_model=settings.embedding), client=client),
        "cross_encoder": OpenAIRerankerClient(config, client=client),
    }
