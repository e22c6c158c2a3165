"""Settings for trying the dashboard with Superset on one machine. Superset stores everything in SUPERSET_HOME."""

import os
from pathlib import Path

from superset.config import TALISMAN_CONFIG as _TALISMAN_CONFIG

_HOME = Path(os.environ["SUPERSET_HOME"])

SECRET_KEY = os.environ["SUPERSET_SECRET_KEY"]
SQLALCHEMY_DATABASE_URI = f"sqlite:///{_HOME / 'superset.db'}"

# Load no images from other hosts: by default, the pages report to a counter of Superset's makers.
TALISMAN_CONFIG = {
    **_TALISMAN_CONFIG,
    "content_security_policy": {
        **_TALISMAN_CONFIG["content_security_policy"],
        "img-src": ["'self'", "blob:", "data:"],
        "connect-src": ["'self'"],
    },
}
