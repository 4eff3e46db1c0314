/** Name of the notification that the server sends after every publishing (LISTEN, NOTIFY). */
export const PUBLISHED = 'newsfold_published';
