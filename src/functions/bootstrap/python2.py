"""Python 2 code on Python 3, for functions of the runtimes python2.*: modules and builtins under
their old names, and modules of the function that are no Python 3 rewritten by lib2to3 when they are
loaded. What differs only in meaning (integer division, bytes as text) is not changed.
"""
import builtins
import functools
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import itertools
import os
import re
import sys
import types

# Old module -> the new ones whose names it has.
MODULES = {
    "BaseHTTPServer": ["http.server"],
    "ConfigParser": ["configparser"],
    "Cookie": ["http.cookies"],
    "HTMLParser": ["html.parser"],
    "Queue": ["queue"],
    "SimpleHTTPServer": ["http.server"],
    "SocketServer": ["socketserver"],
    "StringIO": ["io"],
    "UserDict": ["collections"],
    "__builtin__": ["builtins"],
    "cPickle": ["pickle"],
    "cStringIO": ["io"],
    "commands": ["subprocess"],
    "cookielib": ["http.cookiejar"],
    "copy_reg": ["copyreg"],
    "dummy_thread": ["_thread"],
    "exceptions": ["builtins"],
    "htmlentitydefs": ["html.entities"],
    "httplib": ["http.client"],
    "repr": ["reprlib"],
    "robotparser": ["urllib.robotparser"],
    "thread": ["_thread"],
    "urllib2": ["urllib.request", "urllib.error", "urllib.parse"],
    "urlparse": ["urllib.parse"],
    "xmlrpclib": ["xmlrpc.client"],
}
# Methods that Python 3 objects no longer have: code with them compiles and then fails.
GONE = re.compile(r"\.(?:iteritems|iterkeys|itervalues|viewitems|viewkeys|viewvalues|has_key)\(")
# Fixes that the names above make needless, or that change code which is right.
LEFT_OUT = {"fix_imports", "fix_imports2", "fix_urllib", "fix_import", "fix_unicode",
            "fix_basestring", "fix_long", "fix_xrange", "fix_reduce", "fix_raw_input", "fix_input",
            "fix_future", "fix_buffer", "fix_intern", "fix_reload", "fix_execfile", "fix_apply"}


class _Text(type):
    def __instancecheck__(cls, value):
        return isinstance(value, (str, bytes))

    def __subclasscheck__(cls, other):
        return issubclass(other, (str, bytes))


class basestring(metaclass=_Text):  # noqa: N801, its old name
    """What str and unicode had in common."""


def cmp(left, right):
    return (left > right) - (left < right)


def execfile(path, names=None):
    with open(path, encoding="utf-8") as file:
        exec(compile(file.read(), path, "exec"), names)  # noqa: S102, what it always did


BUILTINS = {
    "apply": lambda function, arguments=(), named=None: function(*arguments, **(named or {})),
    "basestring": basestring,
    "buffer": memoryview,
    "cmp": cmp,
    "execfile": execfile,
    "file": open,
    "intern": sys.intern,
    "long": int,
    "raw_input": input,
    "reduce": functools.reduce,
    "reload": importlib.reload,
    "unichr": chr,
    "unicode": str,
    "xrange": range,
}


def rewritten(source, path):
    """Python 3 for the Python 2 text of a module."""
    import warnings
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lib2to3 import refactor
        names = [name for name in refactor.get_fixers_from_package("lib2to3.fixes")
                 if name.rsplit(".", 1)[-1] not in LEFT_OUT]
        tool = refactor.RefactoringTool(names)
        return str(tool.refactor_string(source if source.endswith("\n") else source + "\n", path))


class SourceLoader(importlib.machinery.SourceFileLoader):
    """Loads the function's own modules."""

    def source_to_code(self, data, path, *, _optimization=-1):
        source = importlib.util.decode_source(data)
        try:
            code = compile(source, path, "exec", dont_inherit=True, optimize=_optimization)
            if not GONE.search(source):
                return code
        except SyntaxError as error:
            wrong = error
        else:
            wrong = None
        try:
            text = rewritten(source, str(path))
        except Exception as error:  # no lib2to3, or text that is no Python 2 either
            if isinstance(error, ImportError):
                sys.stdout.write("[WARNING] lib2to3 is not installed: %s is not rewritten\n" % path)
            if wrong is None:
                return code
            raise wrong from None
        return compile(text, path, "exec", dont_inherit=True, optimize=_optimization)

    def set_data(self, path, data, *, _mode=0o666):
        """Nothing is kept: the next one may be loaded under another rule."""

    def path_stats(self, path):
        raise OSError("no cached bytecode")


class OldNames(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds modules under the names that Python 2 had for them."""

    def find_spec(self, name, path=None, target=None):
        if name in MODULES:
            return importlib.machinery.ModuleSpec(name, self)
        return None

    def create_module(self, spec):
        return types.ModuleType(spec.name)

    def exec_module(self, module):
        for name in MODULES[module.__name__]:
            for key, value in vars(importlib.import_module(name)).items():
                if not key.startswith("__"):
                    vars(module).setdefault(key, value)
        if module.__name__ == "ConfigParser":
            vars(module).setdefault("SafeConfigParser", module.ConfigParser)


def add_functions():
    """What moved between modules that kept their names."""
    import string
    import urllib
    import urllib.parse
    import urllib.request
    for name in ("quote", "quote_plus", "unquote", "unquote_plus", "urlencode"):
        setattr(urllib, name, getattr(urllib.parse, name))
    for name in ("urlopen", "urlretrieve"):
        setattr(urllib, name, getattr(urllib.request, name))
    itertools.izip, itertools.imap, itertools.ifilter = zip, map, filter
    itertools.izip_longest = itertools.zip_longest
    string.letters = string.ascii_letters
    string.lowercase, string.uppercase = string.ascii_lowercase, string.ascii_uppercase
    sys.maxint = sys.maxsize
    os.getcwdu = os.getcwd


def install(task_root):
    """Before the function's first module is loaded. Code below `task_root` is the function's."""
    for name, value in BUILTINS.items():
        if not hasattr(builtins, name):
            setattr(builtins, name, value)
    add_functions()
    sys.meta_path.append(OldNames())
    details = (SourceLoader, [".py"])
    hook = importlib.machinery.FileFinder.path_hook(
        (importlib.machinery.ExtensionFileLoader, importlib.machinery.EXTENSION_SUFFIXES), details)

    def of_the_function(path):
        if path == task_root or path.startswith((task_root + "/", "/opt/")):
            return hook(path)
        raise ImportError("not the function's own")

    sys.path_hooks.insert(0, of_the_function)
    sys.path_importer_cache.clear()
