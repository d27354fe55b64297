using Confluent.Kafka;
using Moldau.Bench.Clients.Worker;
using Moldau.Bench.Peers.Confluent;

var task = ClientTask.Parse(args);
ConfluentClients.LoadLibrary();
return await ClientWorker.RunAsync($"Confluent.Kafka {typeof(Library).Assembly.GetName().Version} on librdkafka {Library.VersionString}", () => Task.FromResult<IClientLoad>(task.Work switch
{
    ClientWork.Produce => new ProduceLoad(task, ConfluentClients.Producer(task)),
    ClientWork.Awaited => new AwaitedLoad(task, ConfluentClients.Producer(task), ClientTask.Together),
    ClientWork.RoundTrip => new AwaitedLoad(task, ConfluentClients.Producer(task), together: 1),
    ClientWork.Transactions => new TransactionLoad(task, ConfluentClients.Producer(task)),
    _ => new ConsumeLoad(ConfluentClients.Consumer(task), task.Work == ClientWork.Handle ? static (_, _) => ValueTask.CompletedTask : null),
}));
