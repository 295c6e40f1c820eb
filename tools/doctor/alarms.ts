import { CloudWatchClient, type MetricAlarm, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { call, clientSettings } from '../aws.ts';
import { type Stage, stackOf } from '../service.ts';
import { type Check, fail, ok, plural, unanswered, warn } from './check.ts';

/** The alarms of the stack, all of which begin with its name. */
export const checkAlarms = async (stage: Stage, region: string): Promise<Check> => {
  const check = 'alarms';
  const prefix = `${stackOf(stage)}-`;
  const client = new CloudWatchClient(clientSettings(region));
  try {
    const alarms = await call(async (options) => {
      const all: MetricAlarm[] = [];
      for await (const page of paginateDescribeAlarms({ client }, { AlarmNamePrefix: prefix }, options)) {
        all.push(...(page.MetricAlarms ?? []));
      }
      return all;
    });
    if (alarms.length === 0) return fail(check, `There is no alarm ${prefix}…: deploy again.`);
    const ringing = alarms.filter(({ StateValue }) => StateValue === 'ALARM');
    if (ringing.length > 0) {
      const names = ringing.map(({ AlarmName = '' }) => AlarmName.slice(prefix.length));
      return warn(check, `In ALARM: ${names.join(', ')}. The alarm's description says what to do.`);
    }
    const tellsNobody = alarms.every(({ AlarmActions = [] }) => AlarmActions.length === 0);
    const audience = tellsNobody ? ' They tell nobody yet: give them an action to be called or mailed.' : '';
    return ok(check, `${plural(alarms.length, 'alarm')}, none in ALARM.${audience}`);
  } catch (error) {
    return unanswered(check, error, 'cloudwatch:DescribeAlarms');
  }
};
