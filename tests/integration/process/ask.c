/* process_ask SOCKET METHOD URI: prints the answer of a worker as it came; status 0 when there is
 * one. */
#include <stdio.h>

#include "client.h"

int main(int argc, char **argv)
{
	static char answer[1 << 20];
	struct client_request request = {0};
	int fd;

	if (argc != 4)
		return 2;
	request.socket = argv[1];
	request.method = argv[2];
	request.uri = argv[3];
	fd = client_send(&request);
	if (fd < 0 || !client_receive(fd, answer, sizeof(answer)))
		return 1;
	fputs(answer, stdout);
	return 0;
}
