using Dekaf.Producer;
using Moldau.Bench.Clients.Worker;
using Moldau.Bench.Peers.Dekaf;

var task = ClientTask.Parse(args);
var version = "Dekaf " + typeof(IKafkaProducer<,>).Assembly.GetName().Version;
return await ClientWorker.RunAsync(version, async () => task.Work switch
{
    ClientWork.Produce => new ProduceLoad(task, await DekafClients.ProducerAsync(task)),
    ClientWork.Awaited => new AwaitedLoad(task, await DekafClients.ProducerAsync(task), ClientTask.Together),
    ClientWork.RoundTrip => new AwaitedLoad(task, await DekafClients.ProducerAsync(task), together: 1),
    ClientWork.Transactions => new TransactionLoad(task, await DekafClients.ProducerAsync(task)),
    ClientWork.Consume => new RecordLoad(await DekafClients.ConsumerAsync(task)),
    ClientWork.ConsumeBatches => new RawBatchLoad(await DekafClients.ConsumerAsync(task)),
    _ => HandlerLoads.Of(await DekafClients.ConsumerAsync(task)),
});
