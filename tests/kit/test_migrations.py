"""The migrations make what the models say."""

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
