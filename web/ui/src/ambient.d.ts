/** The typeface packages ship style sheets only. */
declare module "@fontsource-variable/*";
