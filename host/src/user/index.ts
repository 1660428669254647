/** The user that runs muvm, whom the guest has too. */
export { type CurrentUser, currentUser } from './current-user.ts';
