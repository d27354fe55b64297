using Moldau.Broker.Requests;
using Moldau.Broker.Timing;
using Moldau.Protocol.Errors;

namespace Moldau.Broker.Quotas;

/// <summary>How many partitions one request may make or delete (KIP-599): old versions wait behind it, new ones are told to come again.</summary>
internal sealed class MutationAllowance(QuotaMeter? meter, double limit, bool isStrict, Delays? delays)
{
    public static MutationAllowance Unlimited { get; } = new(null, 0, false, null);

    /// <summary>What the reply tells.</summary>
    public int WaitMilliseconds { get; private set; }

    /// <exception cref="RequestRefusedException">There were too many before this.</exception>
    public void Take(int partitions)
    {
        if (!TryTake(partitions))
            throw new RequestRefusedException(ErrorCode.ThrottlingQuotaExceeded, $"controller_mutation_rate is {limit} partitions a second for this client; come again in {WaitMilliseconds} ms");
    }

    /// <returns>False where there were too many before this.</returns>
    public bool TryTake(int partitions)
    {
        if (meter is null) return true;
        var seconds = partitions / limit;
        var wait = isStrict ? meter.TakeUnlessOver(seconds, delays!.Now) : meter.Take(seconds, delays!.Now);
        WaitMilliseconds = Math.Max(WaitMilliseconds, wait);
        return !isStrict || wait == 0;
    }
}
