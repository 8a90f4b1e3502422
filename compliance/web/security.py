"""Headers every answer carries, and the check that no other site posts in a user's name."""

from __future__ import annotations

from flask import Flask, Response, current_app, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

csrf = CSRFProtect()

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
POLICY_WITH_FRAMES = f"{POLICY}; frame-src 'self'"
"""Of a page that shows another page of ours, or a PDF, within itself."""
_POLICY_IN_FRAME = POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def in_frame(response: Response) -> Response:
    """The answer, which a page of ours may show within itself. A browser's viewer of PDFs needs a policy that
    leaves it its own scripts and styles.
    """
    pdf = response.mimetype == "application/pdf"
    policy = "frame-ancestors 'self'; base-uri 'none'" if pdf else _POLICY_IN_FRAME
    response.headers["Content-Security-Policy"] = policy
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def only_over_https() -> bool:
    """Whether a browser may send back the cookie that it gets now over HTTPS only: in production always, even
    where a proxy does not say by what it was asked.
    """
    return request.is_secure or bool(current_app.config["SESSION_COOKIE_SECURE"])


def cookie_name(name: str) -> str:
    """What a cookie that proves something is called. In production no other host and no page without TLS can
    set one of this name: the browser sees to that.
    """
    return f"__Host-{name}" if current_app.config["SESSION_COOKIE_SECURE"] else name


def install(app: Flask, *, proxies: int) -> None:
    """Set the headers, CSRF protection, and trust in `proxies` reverse proxies."""
    csrf.init_app(app)
    if proxies:
        behind = ProxyFix(app.wsgi_app, proxies, proxies, proxies, proxies)
        app.wsgi_app = behind  # type: ignore[method-assign]

    @app.after_request
    def headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        response.headers.setdefault("Cache-Control", "no-store")
        return response
