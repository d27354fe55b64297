using AheadOfTime;
using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Client.Consuming;
using Moldau.Client.Producing;
using Moldau.Client.Serdes;

// Writes and reads a hundred greetings, in a group.
await using var kafka = new KafkaClient(new() { Bootstrap = args.Length > 0 ? args[0] : "127.0.0.1:9092" });
foreach (var made in await kafka.Topics.CreateAsync([new NewTopic("greetings") { Partitions = 2 }])) made.Get();
var greetings = Serde.Json(GreetingJson.Default.Greeting);
await using var producer = kafka.CreateProducer<string, Greeting>("greetings", new() { ValueSerde = greetings });
for (var i = 0; i < 100; i++) await producer.EnqueueAsync($"k{i % 7}", new Greeting("hello", i));
var written = await producer.FlushAsync();

using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
await using var consumer = kafka.CreateConsumer<string, Greeting>(new ConsumerOptions { GroupId = "greeted", Topics = ["greetings"] }, values: greetings);
var sum = 0;
var count = 0;
await foreach (var record in consumer.ReadAllAsync(patience.Token))
{
    sum += record.Value!.Number;
    if (++count == 100) break;
}

Console.WriteLine($"wrote {written.Delivered}, read {count}, sum {sum}, on .NET {Environment.Version.Major}");
