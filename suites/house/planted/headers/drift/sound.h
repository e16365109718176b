/* sound.h — compiles alone, also twice. */
int drift_sound(void);
