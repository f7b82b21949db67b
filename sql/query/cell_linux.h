// Walls that stand around this process, as bits of citykpi_walls.
enum {
	CITYKPI_CHILD = 1,
	CITYKPI_NO_NEW_PRIVS = 2,
	CITYKPI_LANDLOCK = 4,
	CITYKPI_LANDLOCK_NET = 8,
	CITYKPI_LANDLOCK_SCOPE = 16,
};

extern int citykpi_walls;

// An open file to be closed once the database is open, or -1.
extern int citykpi_pin;
