"""Certificates for a test: authorities, and what they give to servers on loopback."""
import ssl
import subprocess

NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']


class Authority:
    """Its certificate is at `path`."""

    def __init__(self, folder, name):
        self.folder, self.name = folder, name
        self.path, self.key = f'{folder}/{name}.pem', f'{folder}/{name}.key'
        openssl('req', '-x509', *NEW_KEY, '-keyout', self.key, '-out', self.path, '-days', '2',
                '-subj', f'/CN={name}')

    def server(self, name, bears='IP:127.0.0.1', subject='server', days=2):
        """A server's context; what it `bears` empty = its subject alone; days < 0 = it has ended."""
        path = f'{self.folder}/{self.name}-{name}'
        openssl('req', *NEW_KEY, '-keyout', f'{path}.key', '-out', f'{path}.csr', '-utf8', '-subj',
                f'/CN={subject}')
        with open(f'{path}.ext', 'w') as file:
            file.write(f'subjectAltName={bears}\n' if bears else 'basicConstraints=CA:FALSE\n')
        openssl('x509', '-req', '-in', f'{path}.csr', '-CA', self.path, '-CAkey', self.key, '-days',
                str(days), '-extfile', f'{path}.ext', '-out', f'{path}.pem')
        return context(path)


def openssl(*words):
    subprocess.run(['openssl', *words], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


def context(path):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(f'{path}.pem', f'{path}.key')
    return made
