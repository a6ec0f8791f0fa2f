"""The migrations make what the models say."""

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, make_url

from mercat.kit import migrations


def test_models_and_migrations_agree(database_url: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations.FOLDER).replace("%", "%%"))
    engine = create_engine(make_url(database_url).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.check(config)  # raises where a new migration would do something
    engine.dispose()


def test_a_database_that_is_up_to_date_runs_nothing(database_url: str) -> None:
    assert migrations.current(database_url) == migrations.head()
    assert migrations.upgrade(database_url) == []


def test_a_database_of_an_unknown_revision_is_refused_and_left_alone(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0024'")
    with pytest.raises(migrations.UnknownRevisionError, match="0024"):
        migrations.upgrade(database_url)
    assert migrations.current(database_url) == "0024"
