namespace Moldau.Bench.Clients.Librdkafka;

internal sealed class LibrdkafkaException(string message) : Exception(message);
