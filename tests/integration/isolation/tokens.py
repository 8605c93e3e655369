"""Tokens as an attacker would make them: JWS (RFC 7515) by nothing but hmac."""
import base64
import hashlib
import hmac
import json
import time

DAY = 86400


def part(data):
    return base64.urlsafe_b64encode(data).rstrip(b'=').decode()


def read_ring(path):
    """kid, secret of the key that signs."""
    with open(path, encoding='utf-8') as file:
        for kid, secret, *state in map(str.split, file):
            if state == ['sign']:
                return kid, base64.b64decode(secret)
    raise ValueError('no key signs')


class Forger:
    def __init__(self, ring, organisation):
        self.kid, self.secret = read_ring(ring)
        self.organisation = organisation

    def claims(self, **changes):
        now = int(time.time())
        claims = {'iss': 'kartoteka', 'aud': 'kartoteka', 'sub': 'forger', 'iat': now,
                  'exp': now + 600, 'jti': 'forged', 'org': self.organisation,
                  'role': 'organization', 'scope': 'cards:read cards:write'} | changes
        return {name: value for name, value in claims.items() if value is not None}

    def sign(self, header, claims, secret=None, digest=hashlib.sha256):
        text = f'{part(header.encode())}.{part(claims.encode())}'
        tag = hmac.new(self.secret if secret is None else secret, text.encode(), digest).digest()
        return f'{text}.{part(tag)}'

    def make(self, header=None, **claims):
        head = {'alg': 'HS256', 'typ': 'JWT', 'kid': self.kid} | (header or {})
        head = {name: value for name, value in head.items() if value is not None}
        return self.sign(json.dumps(head), json.dumps(self.claims(**claims)))

    def good(self):
        now = int(time.time())
        return {
            'as issued': self.make(),
            'iat within the leeway': self.make(iat=now + 30),
            'nbf': self.make(nbf=now - 5),
            '366 days': self.make(iat=now - 5, exp=now - 5 + 366 * DAY),
            'an unknown claim': self.make(colour='red'),
        }

    def _not_ours(self):
        good = self.make()
        head, body, tag = good.split('.')
        claims = json.dumps(self.claims())
        header = json.dumps({'alg': 'HS256', 'typ': 'JWT', 'kid': self.kid})
        none = part(json.dumps({'alg': 'none', 'typ': 'JWT', 'kid': self.kid}).encode())
        other = 'B' if tag[0] == 'A' else 'A'
        return {
            'another signature': f'{head}.{body}.{other}{tag[1:]}',
            'another body': f'{head}.{part(json.dumps(self.claims(org=2)).encode())}.{tag}',
            'no signature': f'{head}.{body}.',
            'two parts': f'{head}.{body}',
            'four parts': f'{good}.{tag}',
            'alg none': f'{none}.{body}.',
            'alg none, signed': f'{none}.{body}.{tag}',
            'another secret': self.sign(header, claims, b'x' * 32),
            'an empty secret': self.sign(header, claims, b''),
            'padding': good + '=',
            'spare bits': good[:-1] + chr(ord(good[-1]) + 1),
            'HS512': self.sign(header.replace('HS256', 'HS512'), claims, digest=hashlib.sha512),
            'RS256': self.make({'alg': 'RS256'}),
            'alg in small letters': self.make({'alg': 'hs256'}),
            'unknown kid': self.make({'kid': 'nobody'}),
            'no kid': self.make({'kid': None}),
            'no typ': self.make({'typ': None}),
            'another typ': self.make({'typ': 'JWS'}),
            'crit': self.make({'crit': ['exp']}),
            'zip': self.make({'zip': 'DEF'}),
            'alg twice': self.sign(header[:-1] + ',"alg":"HS256"}', claims),
            'org twice': self.sign(header, claims[:-1] + f',"org":{self.organisation}}}'),
            'too long': self.make(colour='x' * 4096),
        }

    def _wrong_claims(self):
        now = int(time.time())
        return {
            'expired': self.make(iat=now - 700, exp=now - 100),
            'of tomorrow': self.make(iat=now + 120, exp=now + 600),
            'nbf ahead': self.make(nbf=now + 120),
            '367 days': self.make(exp=now + 367 * DAY),
            'no exp': self.make(exp=None),
            'no iat': self.make(iat=None),
            'no jti': self.make(jti=None),
            'exp is text': self.make(exp=str(now + 600)),
            'another issuer': self.make(iss='somebody'),
            'another audience': self.make(aud='somebody'),
            'no organisation': self.make(org=None),
            'organisation is text': self.make(org=str(self.organisation)),
            'an organisation that is not there': self.make(org=999),
            'another role': self.make(role='admin'),
            'no role': self.make(role=None),
        }

    def bad(self):
        return self._not_ours() | self._wrong_claims()
