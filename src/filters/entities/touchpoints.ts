import { boolean, dateTime, entity, extra, float, json, long, one, oneOf, required, text } from '../declaration.ts'
import { conversation } from './conversations.ts'

export const touchpoint = entity({
  name: 'Touchpoint',
  table: 'touchpoints',
  description: 'One message, call or meeting of a conversation.',
  fields: {
    sourceId: text("The accounts data's id of the touchpoint.", required),
    channel: oneOf('TouchpointChannel', 'How it went out or came in.', required),
    direction: oneOf('TouchpointDirection', 'Who it came from.'),
    subject: text('Its subject.'),
    content: text('What it says.', long),
    response: text('What the contact answered.', long),
    sentAt: dateTime('When it was sent.'),
    deliveredAt: dateTime('When it arrived.'),
    openedAt: dateTime('When it was opened.'),
    clickedAt: dateTime('When a link in it was followed.'),
    repliedAt: dateTime('When it was answered.'),
    bouncedAt: dateTime('When it came back undelivered.'),
    outcome: text(
      'What became of it: as reported, else the furthest of replied, clicked, opened, bounced, delivered, sent that has a time.',
    ),
    reportedOutcome: text('What became of it, as reported.'),
    outcomeDetails: json('More about what became of it, as written.'),
    callDurationSeconds: float('How long the call took, in seconds.'),
    callRecordingUrl: text('Where the recording of the call is.'),
    callTranscript: text('What was said in the call.', long),
    callSentiment: text('The mood of the call, as written.'),
    emailThreadId: text('The id of its email thread.'),
    emailMessageId: text('The id of its email message.'),
    metadata: json('What else the source system holds of it, as written.'),
    createdByUserId: text('The id of the user who made it.'),
    createdByAutomation: boolean('Whether a program made it.'),
    sourceConversationId: text("The accounts data's id of the conversation; it may name one that is not there."),
    sourceCreatedAt: dateTime('When the source system created it.'),
    sourceUpdatedAt: dateTime('When the source system last changed it.'),
    extra,
  },
  relations: {
    conversation: one(() => conversation, 'conversation_id', 'The conversation it is part of.'),
  },
  order: { sentAt: 'DESC' },
})
