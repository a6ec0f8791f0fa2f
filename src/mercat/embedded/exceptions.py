"""Why an embedded engine could not be had; every message says what to do next."""


class EngineError(RuntimeError):
    """An embedded engine did not start or did not stop as it should."""


class EngineFolderBusy(EngineError):
    """Another live process already runs on the same folder."""


class EngineMissing(EngineError):
    """No server binary is installed on this machine."""


class EngineVersionMismatch(EngineError):
    """The data was written by a version whose server is not installed; nothing has been changed."""
