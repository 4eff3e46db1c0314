/** Name of the notification that PostgreSQL sends after every publishing (LISTEN, NOTIFY). */
export const PUBLISHED = 'newsfold_published';
