"""Superset on one machine, to try the dashboard. Everything it keeps is in the folder SUPERSET_HOME."""

import os
from pathlib import Path

from superset.config import TALISMAN_CONFIG as _TALISMAN_CONFIG

_HOME = Path(os.environ["SUPERSET_HOME"])

SECRET_KEY = os.environ["SUPERSET_SECRET_KEY"]
SQLALCHEMY_DATABASE_URI = f"sqlite:///{_HOME / 'superset.db'}"

# No picture from elsewhere: the default lets the pages report to a counter of the makers.
TALISMAN_CONFIG = {
    **_TALISMAN_CONFIG,
    "content_security_policy": {
        **_TALISMAN_CONFIG["content_security_policy"],
        "img-src": ["'self'", "blob:", "data:"],
        "connect-src": ["'self'"],
    },
}
