using Moldau.Protocol.Errors;

namespace Moldau.Client.Connections;

/// <summary>Does something again as long as it fails for reasons that pass, until the deadline of the whole.</summary>
internal sealed class Retries(KafkaClientOptions options, BackOff backOff)
{
    /// <param name="attempt">One try; a <see cref="KafkaException"/> that is transient leads to the next.</param>
    /// <param name="between">What a failure means for the next try, such as that leaders are to be looked up again.</param>
    /// <param name="cancellation">The caller's.</param>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> attempt, Action<KafkaException> between, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(options.OperationTimeout, options.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        KafkaException? last = null;
        for (var failures = 1; ; failures++)
        {
            try
            {
                return await attempt(either.Token).ConfigureAwait(false);
            }
            catch (KafkaException failure) when (failure.IsTransient && !IsAbsence(failure.Code) && !either.IsCancellationRequested)
            {
                last = failure;
                between(failure);
            }
            catch (Exception over) when (deadline.IsCancellationRequested && !cancellation.IsCancellationRequested && over is OperationCanceledException or KafkaException { IsTransient: true })
            {
                throw OutOfTime(last ?? over as KafkaException, failures, over);
            }

            try
            {
                await Task.Delay(backOff.After(failures), options.Clock, either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException over) when (!cancellation.IsCancellationRequested)
            {
                throw OutOfTime(last, failures, over);
            }
        }
    }

    /// <summary>What is not there may come, and who waits for that says so; others want to know at once.</summary>
    private static bool IsAbsence(ErrorCode code) => code is ErrorCode.UnknownTopicOrPartition or ErrorCode.UnknownTopicId;

    private KafkaException OutOfTime(KafkaException? last, int attempts, Exception over) => last is null
        ? new KafkaTimeoutException($"nothing came of it within {options.OperationTimeout.TotalSeconds:0.###} s", null, over)
        : new KafkaException(last.Code, $"{last.Message} (given up after {options.OperationTimeout.TotalSeconds:0.###} s and {attempts} attempts)", null, last);

    /// <summary>Whether somebody else may serve it by now.</summary>
    public static bool IsStaleness(ErrorCode code) => code is
        ErrorCode.NotLeaderOrFollower or ErrorCode.LeaderNotAvailable or ErrorCode.FencedLeaderEpoch or ErrorCode.UnknownLeaderEpoch
        or ErrorCode.UnknownTopicOrPartition or ErrorCode.UnknownTopicId or ErrorCode.InconsistentTopicId or ErrorCode.ReplicaNotAvailable
        or ErrorCode.NotController or ErrorCode.KafkaStorageError or ErrorCode.NetworkException or ErrorCode.RequestTimedOut
        or ErrorCode.BrokerNotAvailable or ErrorCode.ListenerNotFound or ErrorCode.OffsetNotAvailable or ErrorCode.RebootstrapRequired;
}
