using Moldau.Bench.Clients.Worker;

namespace Moldau.Bench.Clients.Librdkafka;

/// <summary>The rows as a program in C would do them; it waits for reports, as nothing can be awaited there.</summary>
internal static class LibrdkafkaLoads
{
    private const int Patience = 1000;

    public static IClientLoad Of(ClientTask task) => task.Work switch
    {
        ClientWork.Produce => new WritingLoad(task, Produce),
        ClientWork.Awaited => new WritingLoad(task, static (writer, deadline) => KeepUnderWay(writer, deadline, ClientTask.Together)),
        ClientWork.RoundTrip => new WritingLoad(task, static (writer, deadline) => KeepUnderWay(writer, deadline, 1)),
        ClientWork.Transactions => new WritingLoad(task, Commit),
        _ => new LibrdkafkaConsumeLoad(task),
    };

    private static long Produce(LibrdkafkaWriter writer, Deadline deadline)
    {
        var done = 0L;
        for (; !deadline.IsOver; done += LibrdkafkaWriter.MostTogether)
        {
            writer.Write(LibrdkafkaWriter.MostTogether);
            writer.TakeReports(0);
        }

        writer.Flush();
        return done;
    }

    private static long KeepUnderWay(LibrdkafkaWriter writer, Deadline deadline, int together)
    {
        var (done, underWay) = (0L, together);
        writer.Write(together);
        while (underWay > 0)
        {
            var confirmed = writer.TakeReports(Patience);
            done += confirmed;
            if (confirmed > 0 && !deadline.IsOver) writer.Write(confirmed);
            else underWay -= confirmed;
        }

        return done;
    }

    private static long Commit(LibrdkafkaWriter writer, Deadline deadline)
    {
        var done = 0L;
        for (; !deadline.IsOver; done++)
        {
            LibrdkafkaClient.Check(Librdkafka.rd_kafka_begin_transaction(writer.Client));
            writer.Write(ClientTask.TransactionRecords);
            LibrdkafkaClient.Check(Librdkafka.rd_kafka_commit_transaction(writer.Client, -1));
        }

        return done;
    }

    private sealed class WritingLoad(ClientTask task, Func<LibrdkafkaWriter, Deadline, long> work) : IClientLoad
    {
        private readonly LibrdkafkaWriter _writer = new(task);

        public Task<long> RunAsync(Deadline deadline) => Task.FromResult(work(_writer, deadline));

        public ValueTask DisposeAsync()
        {
            _writer.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
